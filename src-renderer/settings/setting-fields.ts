import { toJSONSchema } from 'zod';
import { settingsSchema } from '../../src-shared/settings.ts';

/** How a setting is edited; made from its schema, so that a new setting needs no new screen. */
export type SettingField = { readonly key: string } & (
  | { readonly kind: 'toggle' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'text' }
);

/** The part of JSON Schema that our settings use. */
interface Node {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** Every setting of the schema as a field, in the schema's order. */
export function settingFields(): SettingField[] {
  return fieldsOf(toJSONSchema(settingsSchema, { io: 'input' }) as Node, '');
}

function fieldsOf(node: Node, prefix: string): SettingField[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    return child.type === 'object' ? fieldsOf(child, key) : [fieldOf(key, child)];
  });
}

function fieldOf(key: string, node: Node): SettingField {
  if (node.type === 'boolean') return { key, kind: 'toggle' };
  if (node.enum) return { key, kind: 'choice', options: node.enum };
  if (node.type === 'integer' || node.type === 'number')
    return {
      key,
      kind: 'number',
      min: node.minimum ?? 0,
      max: node.maximum ?? 1e9,
      step: node.type === 'integer' ? 1 : 0.5,
    };
  return { key, kind: 'text' };
}

export type SettingUnit =
  'percent' | 'seconds' | 'minutes' | 'milliseconds' | 'megabytes' | 'megabytesPerMinute' | null;

/** The unit that a key ends with, or that its group is counted in. */
export function unitOf(key: string): SettingUnit {
  if (key.endsWith('MegabytesPerMinute') || key.endsWith('megabytesPerMinute')) return 'megabytesPerMinute';
  if (/percent$/i.test(key)) return 'percent';
  if (key.endsWith('Ms')) return 'milliseconds';
  if (/seconds(Fanless)?$/i.test(key)) return 'seconds';
  if (/megabytes$/i.test(key)) return 'megabytes';
  return key.startsWith('stages.minutes.') || key.endsWith('Minutes') ? 'minutes' : null;
}
