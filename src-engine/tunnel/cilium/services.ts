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
  GLOBAL,
  importView,
  isGlobal,
  isSame,
  unexportChange,
  type CounterpartChange,
  type OwnExport,
} from './mesh-services.ts';
import { silent, type Here, type Parts } from './parts.ts';
import type { CiliumHands, GlobalService } from './ports.ts';

/** Makes a service global. It is remembered before it is changed: a crash in between leaves nothing that nobody knows of. */
export async function addExport(parts: Parts, { cluster, hands }: Here, place: Place): Promise<Result<void>> {
  const { memory } = parts;
  const { namespace, name } = place;
  const service = await hands.service(namespace, name);
  if (service === null) return silent(parts);
  if (service === 'absent' || service.isOurs) return fail('serviceUnknown', { namespace, name, cluster });
  if (service.ports.length === 0) return fail('serviceNotTcp', { namespace, name, why: 'cilium' });
  const { exports } = memory.kept();
  const known = exports.find((each) => each.cluster === cluster && isSame(each, place));
  if (known === undefined && exports.length >= MOST_EXPORTS)
    return fail('tooManyExports', { most: MOST_EXPORTS });
  const own = known ?? { namespace, name, cluster, was: service.annotations[GLOBAL] ?? null };
  await memory.keep({ exports: [...exports.filter((each) => each !== known), own] });
  const change = exportChange(service);
  if (change === null) return ok(undefined);
  const done = await hands.annotate(namespace, name, change);
  if (done === 'done') return ok(undefined);
  // What has no answer may be done: it stays remembered, and may be taken back.
  if (done === 'noAnswer') return silent(parts);
  if (known === undefined) await forget(parts, own);
  return fail('exportRefused', { namespace, name, detail: 'the API refused it' });
}

/** Takes back what was set here, and nothing else. `notExported`. */
export async function removeExport(parts: Parts, here: Here, place: Place): Promise<Result<void>> {
  const own = exportsIn(parts, here.cluster).find((each) => isSame(each, place));
  if (own === undefined) return fail('notExported', { ...place });
  const done = await takeBack(parts, here, own);
  if (isGone(done)) return ok(undefined);
  return done === 'noAnswer'
    ? silent(parts)
    : fail('exportRefused', { ...place, detail: 'the API refused it' });
}

/** All of this cluster; false: not all could be taken back now. What is exported in another one stays. */
export async function endExports(parts: Parts, here: Here): Promise<boolean> {
  for (const own of exportsIn(parts, here.cluster))
    if (!isGone(await takeBack(parts, here, own))) return false;
  return true;
}

const exportsIn = ({ memory }: Parts, cluster: string): readonly OwnExport[] =>
  memory.kept().exports.filter((each) => each.cluster === cluster);

/** What the API refuses, or is too busy for, stands as before: it stays remembered. */
const isGone = (done: Changed): boolean => done === 'done' || done === 'absent';

async function takeBack(parts: Parts, { hands }: Here, own: OwnExport): Promise<Changed> {
  const { namespace, name } = own;
  const service = await hands.service(namespace, name);
  if (service === null) return 'noAnswer';
  const change = service === 'absent' ? null : unexportChange(own, service);
  const done = change === null ? 'done' : await hands.annotate(namespace, name, change);
  if (isGone(done)) await forget(parts, own);
  return done;
}

function forget({ memory }: Parts, own: OwnExport): Promise<void> {
  const isOther = (each: OwnExport): boolean => each.cluster !== own.cluster || !isSame(each, own);
  return memory.keep({ exports: memory.kept().exports.filter(isOther) });
}

/** The Services of this cluster that stand for the other Mac's go. False: not all of them have. */
export async function sweep(parts: Parts, { cluster, hands }: Here): Promise<boolean> {
  const { memory } = parts;
  if (!memory.kept().made.includes(cluster)) return true;
  const found = await hands.counterparts();
  if (found === null) return false;
  const gone = await Promise.all(found.map((each) => hands.removeCounterpart(each)));
  // Taken: another one stands there by now, which is nobody's to remove here.
  if (!gone.every((done) => isGone(done) || done === 'taken')) return false;
  await memory.keep({ made: memory.kept().made.filter((each) => each !== cluster) });
  return true;
}

/** What this Mac exports, as it stands now, and its word to the other Mac where that is another one. */
export async function showExports(
  parts: Parts,
  cluster: string,
  hands: CiliumHands | null,
): Promise<TunnelExport[]> {
  const own = exportsIn(parts, cluster);
  const found = await Promise.all(
    own.map(async ({ namespace, name }) => (await hands?.service(namespace, name)) ?? null),
  );
  const shown = own.map((each, at) => exportView(each, found[at] ?? null, cluster));
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

/** Said once, and again in each round until a session takes it. */
export async function sayLeft({ ports, memory }: Parts): Promise<void> {
  if (memory.kept().owesLeft && ports.send({ type: 'cilium.left' })) await memory.keep({ owesLeft: false });
}

/** Makes the Services of ours what the other Mac exports, and shows how each is. */
export async function careForImports(
  parts: Parts,
  { cluster, hands }: Here,
  state: TunnelState,
): Promise<TunnelImport[]> {
  const { memory, ports } = parts;
  const { imports, made } = memory.kept();
  const isMade = made.includes(cluster);
  const found = imports.length > 0 || isMade ? await hands.counterparts() : [];
  if (found === null) return imports.map((each) => importView(each, null, null, 'unknown'));
  const blocked = new Map<string, Problem>();
  const changes = counterpartChanges(imports, found, exportsIn(parts, cluster));
  if (changes.some(({ kind }) => kind === 'create') && !isMade)
    await memory.keep({ made: [...made, cluster] });
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
      return hands.patchCounterpart({ ...change.wanted, uid: change.found.uid });
    case 'remove':
      return hands.removeCounterpart(change.found);
  }
}

/** What changed meanwhile is looked at again in the next round: no problem of a person's. */
function blockOf(done: Changed, { namespace, name }: Place): Problem | null {
  if (done === 'absent') return { code: 'namespaceMissing', params: { namespace, name } };
  return done === 'taken' ? { code: 'ciliumServiceForeign', params: { namespace, name } } : null;
}
