import { fail } from '../../src-shared/errors/result.ts';
import { pause } from '../platform/clock.ts';
import { isAlive, signalGroup, type ProcessRef } from '../platform/processes.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { OperationReport } from './cluster-ports.ts';
import type { JournalEntry } from './journal.ts';
import { operate, type OperationDeps } from './operations.ts';
import type { Unfinished } from './cluster-entry.ts';
import type { ClusterProvider } from './provider.ts';
import { recoveryOf } from './recovery.ts';

/** How long a leftover tool gets to end politely. */
const GRACE_MS = 3000;

const awaitingDocker: ReadonlySet<string> = new Set([
  'dockerDown',
  'runtimeStartFailed',
  'runtimeStartSilent',
]);

/** What becomes of a cluster whose operation was cut off. */
export type Recovered =
  /** It is gone, or nothing of it was ever made: to be forgotten. */
  | { readonly is: 'gone' }
  | { readonly is: 'settled' }
  /** Neither taken up nor undone: its journal has to stay. */
  | { readonly is: 'open'; readonly unfinished: Unfinished };

/**
 * Picks up what a crash of the engine left half done: first the tools it had started end, then the operation
 * is run again, or a half-made cluster is removed. One report each.
 */
export async function recover(
  deps: OperationDeps,
  left: JournalEntry,
  entry: ClusterEntry,
  provider: ClusterProvider,
): Promise<Recovered> {
  const how = recoveryOf(left.verb);
  // What stands there under that name may be somebody else's: nothing of it is touched.
  if (left.verb === 'create' && !left.touched) {
    await endChildren(deps, left);
    deps.ports.report(nothingMade(entry));
    return { is: 'gone' };
  }
  const prepare = (): Promise<void> => endChildren(deps, left);
  // Removing a cluster is what cleans up after a half-made one, whatever step it had reached.
  const verb = how === 'cleanUp' ? 'delete' : left.verb;
  const by = how === 'cleanUp' ? removingOnlyOurs(provider, left) : provider;
  const result = await operate(deps, entry, by, verb, { recovered: how, prepare });
  const isTheirs = how === 'cleanUp' && !result.ok && result.error.code === 'clusterExists';
  if (entry.observed?.state === 'absent' || isTheirs) return { is: 'gone' };
  // A runtime whose start was cut off, too, may still come up.
  const waitsForDocker = !result.ok && awaitingDocker.has(result.error.code);
  const isHalf = how === 'cleanUp' && !result.ok;
  return isHalf || waitsForDocker
    ? { is: 'open', unfinished: { verb: left.verb, waitsForDocker, begunAt: left.startedAt } }
    : { is: 'settled' };
}

/** One that somebody made anew since then is theirs, whatever its name: it is not removed, and forgotten here. */
function removingOnlyOurs(provider: ClusterProvider, { startedAt }: JournalEntry): ClusterProvider {
  return {
    ...provider,
    async plan(verb, record) {
      const isOurs = (await provider.isLeftOf?.(record, new Date(startedAt))) ?? true;
      return isOurs ? provider.plan(verb, record) : fail('clusterExists', { name: record.name });
    },
  };
}

async function endChildren(deps: OperationDeps, { children }: JournalEntry): Promise<void> {
  for (const child of children) await endGroup(child, deps);
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
