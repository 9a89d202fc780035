import { pause } from '../platform/clock.ts';
import { isAlive, signalGroup, type ProcessRef } from '../platform/processes.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { OperationReport } from './cluster-ports.ts';
import type { JournalEntry } from './journal.ts';
import { operate, type OperationDeps } from './operations.ts';
import type { ClusterProvider } from './provider.ts';
import { recoveryOf } from './recovery.ts';

/** How long a leftover tool gets to end politely. */
const GRACE_MS = 3000;

/**
 * Picks up what a crash of the engine left half done: first the tools it had started end, then the operation
 * is run again, or a half-made cluster is removed. One report each.
 *
 * @returns whether the cluster is to be forgotten: it is gone, or nothing of it was ever made
 */
export async function recover(
  deps: OperationDeps,
  left: JournalEntry,
  entry: ClusterEntry,
  provider: ClusterProvider,
): Promise<boolean> {
  const how = recoveryOf(left.verb);
  // What stands there under that name may be somebody else's: nothing of it is touched.
  if (left.verb === 'create' && !left.touched) {
    deps.ports.report(nothingMade(entry));
    return true;
  }
  const prepare = async (): Promise<void> => {
    for (const child of left.children) await endGroup(child, deps);
  };
  // Removing a cluster is what cleans up after a half-made one, whatever step it had reached.
  await operate(deps, entry, provider, how === 'cleanUp' ? 'delete' : left.verb, { recovered: how, prepare });
  return entry.observed?.state === 'absent';
}

function nothingMade({ record: { name, provider } }: ClusterEntry): OperationReport {
  const outcome = 'done' as const;
  return {
    name,
    provider,
    verb: 'create',
    outcome,
    recovered: 'cleanUp',
    elapsedMs: 0,
    state: 'absent',
    error: null,
    steps: [],
  };
}

async function endGroup(child: ProcessRef, deps: OperationDeps): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await signalGroup(child, name))) return;
    for (let waited = 0; waited < GRACE_MS && (await isAlive(child)); waited += 100)
      await pause(deps.ports.scheduler, 100);
  }
}
