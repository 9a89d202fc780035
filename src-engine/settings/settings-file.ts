import { readFile, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { settingKeys, settingsSchema, withSetting, type Settings } from '../../src-shared/settings.ts';
import { writePrivately } from '../platform/files.ts';

/** What engine.json says now. `bad`: it can be read, and is no settings. `unreadable`: it is there, and cannot be read. */
export type SettingsText =
  | { readonly kind: 'good'; readonly settings: Settings }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad' | 'unreadable'; readonly detail: string };

/** Reads engine.json; changes nothing. */
export async function readSettings(file: string): Promise<SettingsText> {
  try {
    return settingsFrom(await readFile(file, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT' ? { kind: 'none' } : { kind: 'unreadable', detail: code };
  }
}

/** Text to settings; a value that does not fit, or anything but an object of JSON, is bad. */
export function settingsFrom(text: string): SettingsText {
  const parsed = settingsSchema.safeParse(parseJson(text));
  if (parsed.success) return { kind: 'good', settings: parsed.data };
  const [first] = parsed.error.issues;
  const where = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  return { kind: 'bad', detail: `${where}${first?.message ?? 'no settings'}`.slice(0, 200) };
}

/** Renames a bad file, so that nothing overwrites what a person wrote. Returns its new name. */
export async function setAside(file: string, now: Date): Promise<string> {
  const aside = `${file}.bad-${now.toISOString().replaceAll(':', '-')}`;
  await rename(file, aside);
  return basename(aside);
}

/** The settings with one key changed, checked as a whole; nothing is written. */
export function changed(settings: Settings, key: string, value: unknown): Result<Settings> {
  if (!settingKeys().includes(key)) return fail('settingUnknown', { key });
  const parsed = settingsSchema.safeParse(withSetting(settings, key, value));
  if (parsed.success) return ok(parsed.data);
  const detail = parsed.error.issues.map((issue) => issue.message).join('; ');
  return fail('settingInvalid', { key, value: text(value), detail });
}

export async function saveSettings(file: string, settings: Settings): Promise<void> {
  await writePrivately(file, `${JSON.stringify(settings, null, 2)}\n`);
}

function text(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

/** `undefined` for what is no JSON. Not `z.NEVER`: that is an object, and the loose schema takes it for settings. */
function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
