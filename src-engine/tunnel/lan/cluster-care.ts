import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Changed, ServiceHands } from '../ports.ts';
import { withNames, withoutNames } from './corefile.ts';
import { keyOfService } from './lan-view.ts';
import { changesTo, OWN_PREFIX, type Change, type OwnObjects } from './own-objects.ts';

/** What this Mac's cluster made of what is wanted in it. */
export interface ClusterOutcome {
  /** By `NAMESPACE/NAME` of the import. */
  readonly blocked: ReadonlyMap<string, Problem>;
  /** `taken`: somebody else answers clusterset names. `unknown`: this cluster has another DNS than CoreDNS. */
  readonly names: 'answered' | 'off' | 'taken' | 'unknown';
  /** Of changes, for the history. */
  readonly changes: readonly string[];
}

/**
 * Makes the cluster's objects of ours what they should be, and touches nothing else. Level-triggered: whatever was lost
 * in a crash, or changed by somebody, is put right by the next round.
 *
 * @returns null when the API does not answer
 */
export async function careFor(
  hands: ServiceHands,
  wanted: OwnObjects,
  wantsNames: boolean,
): Promise<ClusterOutcome | null> {
  const [services, slices] = await Promise.all([hands.services(), hands.slices()]);
  if (services === null || slices === null) return null;
  const blocked = new Map<string, Problem>();
  const changes: string[] = [];
  for (const change of changesTo(wanted, { services, slices })) {
    const { namespace, name } = 'wanted' in change ? change.wanted : change.found;
    const key = keyOfService({ namespace, name: name.slice(OWN_PREFIX.length) });
    // Without its Service a slice leads nowhere.
    if (blocked.has(key)) continue;
    const done = await carryOut(hands, change);
    const problem = problemOf(change, done, namespace, name);
    if (problem !== null) blocked.set(key, problem);
    if (done === 'done') changes.push(`${change.kind} ${namespace}/${name}`);
  }
  const names = await careForNames(hands, wantsNames);
  if (names.isChanged) changes.push(wantsNames ? 'names added' : 'names removed');
  return { blocked, names: names.how, changes };
}

export function carryOut(hands: ServiceHands, change: Change): Promise<Changed> {
  switch (change.kind) {
    case 'writeService':
      return hands.writeService(change.wanted, change.over);
    case 'writeSlice':
      return hands.writeSlice(change.wanted, change.over);
    case 'removeService':
      return hands.removeService(change.found);
    case 'removeSlice':
      return hands.removeSlice(change.found);
  }
}

/** What changed meanwhile is looked at again in the next round: no problem of a person's. */
function problemOf(change: Change, done: Changed, namespace: string, name: string): Problem | null {
  if (!('wanted' in change) || change.over !== null) return null;
  if (done === 'absent') return { code: 'namespaceMissing', params: { namespace, name } };
  return done === 'taken' ? { code: 'serviceTaken', params: { namespace, name } } : null;
}

async function careForNames(
  hands: ServiceHands,
  wantsNames: boolean,
): Promise<{ readonly how: ClusterOutcome['names']; readonly isChanged: boolean }> {
  const corefile = await hands.corefile();
  if (corefile === null) return { how: 'unknown', isChanged: false };
  const { text, resourceVersion } = corefile;
  const next = wantsNames ? withNames(text) : withoutNames(text);
  const isTaken = next === null;
  // Where somebody else has come since, ours goes: two blocks for one zone stop the whole DNS.
  const wanted = isTaken ? withoutNames(text) : next;
  const how = isTaken ? 'taken' : wantsNames ? 'answered' : 'off';
  if (wanted === text) return { how, isChanged: false };
  const done = await hands.writeCorefile(wanted, resourceVersion);
  return done === 'done' ? { how, isChanged: true } : { how: 'unknown', isChanged: false };
}
