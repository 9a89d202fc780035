import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Intent } from './memory.ts';
import { handsOf, type Parts } from './parts.ts';
import { runLeave } from './run-leave.ts';
import { endChildren, undoIntent } from './undo.ts';

/** Between two tries to undo what could not be undone. */
const RETRY_MS = 60_000;

/**
 * Takes up what a crash, or an undo that failed, left half done: tools that still run end first; a broker or a join is
 * undone, a leave is finished. While the cluster does not answer, or is not the one that is meant, it stays written down,
 * and named.
 */
export async function repair(parts: Parts, when: 'now' | 'inTime' = 'inTime'): Promise<void> {
  const { memory, ports } = parts;
  const intent = memory.intent();
  if (intent === null || parts.progress !== null || parts.isRepairing) return;
  const nowMs = ports.clock.monotonicMs();
  if (when === 'inTime' && nowMs - parts.triedMs < RETRY_MS) return;
  parts.isRepairing = true;
  try {
    await takeUp(parts, intent);
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
    params: isElsewhere ? { ...params, why: 'elsewhere', name: cluster } : params,
  };
}

async function takeUp(parts: Parts, intent: Intent): Promise<void> {
  const { memory, ports } = parts;
  await endChildren(parts, intent.children);
  if (intent.children.length > 0) memory.intend({ ...intent, children: [] });
  if (!intent.touched) return conclude(parts, intent, 'nothing of it had begun');
  // What was waited for comes by itself, or shows.
  if (intent.verb === 'join' && intent.step === 'proveTunnel')
    return conclude(parts, intent, 'it had joined already');
  const meant = ports.cluster();
  if (meant !== null && meant.name !== intent.cluster) {
    // Deleted, and everything in it with it. One that is only not meant any more waits until it is.
    if (ports.clusterNamed(intent.cluster) === null) conclude(parts, intent, 'its cluster is gone');
    return;
  }
  if ((await handsOf(parts)) === null) return;
  if (intent.verb === 'leave') {
    memory.done();
    await runLeave(parts, intent.clusterId);
    return;
  }
  const isUndone = await undoIntent(parts, intent);
  parts.triedMs = ports.clock.monotonicMs();
  const left = memory.intent();
  if (isUndone) conclude(parts, intent, 'it was undone');
  else if (left !== null) memory.intend({ ...left, undoFailed: true });
}

function conclude(parts: Parts, { verb, step }: Intent, how: string): void {
  const { memory, ports } = parts;
  memory.done();
  parts.claims = false;
  ports.note(`tunnel.${verb}`, `${verb} of Submariner was cut off at ${step}: ${how}`, { verb, step });
  ports.changed();
}
