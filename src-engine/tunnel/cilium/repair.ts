import type { Problem } from '../../../src-shared/world/traffic.ts';
import { endChildren } from '../submariner/undo.ts';
import { undoJoin } from './apart.ts';
import type { Intent } from './memory.ts';
import { operate } from './operation.ts';
import { handsOf, hereOf, isJoinedHere, type Parts } from './parts.ts';
import { leaveWish } from './plan-leave.ts';
import { sayLeft, sweep, tell } from './services.ts';

/** Between two tries to undo what could not be undone. */
const RETRY_MS = 60_000;

/** Of each round: what is half done is taken up, and what has no use any more goes. */
export async function mend(parts: Parts): Promise<void> {
  await repair(parts);
  if (parts.progress !== null || parts.memory.intent() !== null) return;
  if (isJoinedHere(parts) && parts.ports.isWanted()) return;
  // The other Mac was told of services that nobody carries now.
  if (parts.told !== null) tell(parts, []);
  await sayLeft(parts);
  if (parts.memory.kept().made.length === 0) return;
  const here = await hereOf(parts);
  if (here !== null) await sweep(parts, here);
}

/**
 * Takes up what a crash, or an undo that failed, left half done: tools that still run end first; a join is undone, a leave
 * is finished. While the other Mac is away it stays written down, and named: both clusters are to be told.
 */
export async function repair(parts: Parts, when: 'now' | 'inTime' = 'inTime'): Promise<void> {
  const { memory, ports } = parts;
  const intent = memory.intent();
  if (intent === null || parts.progress !== null || parts.isRepairing) return;
  if (when === 'inTime' && ports.clock.monotonicMs() - parts.triedMs < RETRY_MS) return;
  parts.isRepairing = true;
  try {
    const work = takeUp(parts, intent);
    // The engine that ends waits for it, as for a verb.
    parts.over = work.catch(() => undefined);
    await work;
  } finally {
    parts.isRepairing = false;
  }
}

/** What is half done, in words: and where, when that is not the cluster that is meant now. */
export function unfinished({ ports }: Pick<Parts, 'ports'>, { verb, step, cluster }: Intent): Problem {
  const isElsewhere = ports.cluster() !== null && ports.cluster()?.name !== cluster;
  const params = { verb, step };
  return {
    code: 'tunnelUnfinished',
    params: isElsewhere ? { ...params, why: 'ciliumElsewhere', name: cluster } : { ...params, why: 'cilium' },
  };
}

async function takeUp(parts: Parts, intent: Intent): Promise<void> {
  const { memory, ports } = parts;
  await endChildren(parts, intent.children);
  if (intent.children.length > 0) memory.intend({ ...intent, children: [] });
  if (!intent.touched) return conclude(parts, intent, 'nothing of it had begun');
  const meant = ports.cluster();
  if (meant !== null && meant.name !== intent.cluster) {
    // Deleted, and everything in it with it. One that is only not meant any more waits until it is.
    if (ports.clusterNamed(intent.cluster) === null) conclude(parts, intent, 'its cluster is gone');
    return;
  }
  if (parts.closing.signal.aborted || ports.link() !== 'up' || (await handsOf(parts)) === null) return;
  parts.triedMs = ports.clock.monotonicMs();
  if (intent.verb === 'leave') {
    await operate(parts, leaveWish(parts, intent));
    return;
  }
  const isUndone = await undoJoin(parts, intent, null);
  const left = memory.intent();
  if (isUndone) conclude(parts, intent, 'it was undone');
  else if (left !== null) memory.intend({ ...left, undoFailed: true });
}

function conclude(parts: Parts, { verb, step }: Intent, how: string): void {
  const { memory, ports } = parts;
  memory.done();
  ports.note(`tunnel.${verb}`, `${verb} of Cluster Mesh was cut off at ${step}: ${how}`, { verb, step });
  ports.changed();
}
