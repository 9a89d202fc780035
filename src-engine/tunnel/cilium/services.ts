import type { SharedService } from '../../../src-shared/cilium-messages.ts';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import {
  MOST_EXPORTS,
  type TunnelExport,
  type TunnelImport,
  type TunnelState,
} from '../../../src-shared/world/tunnel.ts';
import type { Changed } from '../ports.ts';
import type { Place } from './cilium-port.ts';
import {
  counterpartChanges,
  exportChange,
  exportView,
  importView,
  isGlobal,
  isSame,
  unexportChange,
  type CounterpartChange,
  type OwnExport,
} from './mesh-services.ts';
import { clusterName, silent, type Parts } from './parts.ts';
import type { CiliumHands, GlobalService } from './ports.ts';

/** Makes a service global. It is remembered before it is changed: a crash in between leaves nothing that nobody knows of. */
export async function addExport(parts: Parts, hands: CiliumHands, place: Place): Promise<Result<void>> {
  const { memory } = parts;
  const { namespace, name } = place;
  const service = await hands.service(namespace, name);
  if (service === null) return silent(parts);
  if (service === 'absent' || service.isOurs)
    return fail('serviceUnknown', { namespace, name, cluster: clusterName(parts) });
  if (service.ports.length === 0) return fail('serviceNotTcp', { namespace, name, why: 'cilium' });
  const { exports } = memory.kept();
  const known = exports.find((each) => isSame(each, place));
  if (known === undefined && exports.length >= MOST_EXPORTS)
    return fail('tooManyExports', { most: MOST_EXPORTS });
  const own = known ?? { namespace, name, wasGlobal: isGlobal(service) };
  await memory.keep({ exports: [...exports.filter((each) => each !== known), own] });
  const change = exportChange(service);
  if (change === null) return ok(undefined);
  const done = await hands.annotate(namespace, name, change);
  if (done === 'done') return ok(undefined);
  if (known === undefined) await forget(parts, place);
  if (done === 'noAnswer') return silent(parts);
  return fail('exportRefused', { namespace, name, detail: 'the API refused it' });
}

/** Takes back what was set here, and nothing else. `notExported`. */
export async function removeExport(parts: Parts, hands: CiliumHands, place: Place): Promise<Result<void>> {
  const own = parts.memory.kept().exports.find((each) => isSame(each, place));
  if (own === undefined) return fail('notExported', { ...place });
  return (await takeBack(parts, hands, own)) ? ok(undefined) : silent(parts);
}

/** All of them; false: the cluster does not answer. */
export async function endExports(parts: Parts, hands: CiliumHands): Promise<boolean> {
  for (const own of parts.memory.kept().exports) if (!(await takeBack(parts, hands, own))) return false;
  return true;
}

async function takeBack(parts: Parts, hands: CiliumHands, own: OwnExport): Promise<boolean> {
  const { namespace, name } = own;
  const service = await hands.service(namespace, name);
  if (service === null) return false;
  const change = service === 'absent' ? null : unexportChange(own, service);
  const done = change === null ? 'done' : await hands.annotate(namespace, name, change);
  if (done === 'noAnswer') return false;
  await forget(parts, own);
  return true;
}

function forget({ memory }: Parts, place: Place): Promise<void> {
  return memory.keep({ exports: memory.kept().exports.filter((each) => !isSame(each, place)) });
}

/** The Services that stand for the other Mac's go. False: the cluster does not answer. */
export async function sweep(parts: Parts, hands: CiliumHands): Promise<boolean> {
  if (!parts.memory.kept().made) return true;
  const found = await hands.counterparts();
  if (found === null) return false;
  const gone = await Promise.all(found.map((each) => hands.removeCounterpart(each)));
  if (gone.includes('noAnswer')) return false;
  await parts.memory.keep({ made: false });
  return true;
}

/** What this Mac exports, as it stands now, and its word to the other Mac where that is another one. */
export async function showExports(parts: Parts, hands: CiliumHands | null): Promise<TunnelExport[]> {
  const own = parts.memory.kept().exports;
  const found = await Promise.all(
    own.map(async ({ namespace, name }) => (await hands?.service(namespace, name)) ?? null),
  );
  const shown = own.map((each, at) => exportView(each, found[at] ?? null, clusterName(parts)));
  // What does not answer is no reason to take anything back over there.
  if (!found.includes(null)) tell(parts, found.flatMap(sharedOf));
  return shown;
}

function sharedOf(service: GlobalService | 'absent' | null): SharedService[] {
  if (service === null || service === 'absent' || !isGlobal(service) || service.ports.length === 0) return [];
  const { namespace, name, ports } = service;
  return [{ namespace, name, ports: ports.slice(0, 16) }];
}

/** Said at each session and each change, whole. */
export function tell(parts: Parts, services: readonly SharedService[]): void {
  const text = JSON.stringify(services);
  if (parts.told === text) return;
  if (parts.ports.send({ type: 'cilium.exports', services })) parts.told = text;
}

/** Makes the Services of ours what the other Mac exports, and shows how each is. */
export async function careForImports(
  parts: Parts,
  hands: CiliumHands,
  state: TunnelState,
): Promise<TunnelImport[]> {
  const { memory, ports } = parts;
  const { imports, exports, made } = memory.kept();
  const found = imports.length > 0 || made ? await hands.counterparts() : [];
  if (found === null) return imports.map((each) => importView(each, null, null, 'unknown'));
  const blocked = new Map<string, Problem>();
  const changes = counterpartChanges(imports, found, exports);
  if (changes.some(({ kind }) => kind === 'create') && !made) await memory.keep({ made: true });
  for (const change of changes) {
    const done = await carryOut(hands, change);
    const place = change.kind === 'remove' ? change.found : change.wanted;
    const wrong = change.kind === 'create' ? blockOf(done, place) : null;
    if (wrong !== null) blocked.set(keyOf(place), wrong);
    if (done === 'done') ports.note('tunnel.import', `${change.kind} ${keyOf(place)}`, { ...placeOf(place) });
  }
  const now = await Promise.all(imports.map(({ namespace, name }) => hands.service(namespace, name)));
  return imports.map((each, at) => {
    const service = now[at] ?? null;
    return importView(each, service === 'absent' ? null : service, blocked.get(keyOf(each)) ?? null, state);
  });
}

const keyOf = ({ namespace, name }: Place): string => `${namespace}/${name}`;
const placeOf = ({ namespace, name }: Place): Place => ({ namespace, name });

function carryOut(hands: CiliumHands, change: CounterpartChange): Promise<Changed> {
  switch (change.kind) {
    case 'create':
      return hands.createCounterpart(change.wanted);
    case 'patch':
      return hands.patchCounterpart(change.wanted);
    case 'remove':
      return hands.removeCounterpart(change.found);
  }
}

/** What changed meanwhile is looked at again in the next round: no problem of a person's. */
function blockOf(done: Changed, { namespace, name }: Place): Problem | null {
  if (done === 'absent') return { code: 'namespaceMissing', params: { namespace, name } };
  return done === 'taken' ? { code: 'ciliumServiceForeign', params: { namespace, name } } : null;
}
