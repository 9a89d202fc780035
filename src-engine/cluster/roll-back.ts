import type { Result } from '../../src-shared/errors/result.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';

export interface RollBackNeeds {
  readonly ports: Pick<ClusterPorts, 'clock' | 'report' | 'takeBack'>;
  /** The same stop as a person's. */
  stop(): Promise<Result<unknown>>;
  publish(): void;
}

/**
 * Takes a start back that has ended well and then kept the host critical: the cluster stops, and the machine
 * that the start had started with it, or no RAM would come back. It is told as a start that failed. False: it was not
 * stopped.
 */
export async function rollBack(
  entry: ClusterEntry,
  { ports, stop, publish }: RollBackNeeds,
): Promise<boolean> {
  const { name, provider } = entry.record;
  const startedMs = ports.clock.monotonicMs();
  const stopped = await stop();
  // A stop that failed has told so itself; another verb that came first decides.
  if (!stopped.ok) return false;
  await ports.takeBack?.(name);
  const error = { code: 'memoryRolledBack', params: { name } };
  entry.lastFailure = { at: ports.clock.wall().toISOString(), verb: 'start', ...error };
  ports.report({
    name,
    provider,
    verb: 'start',
    outcome: 'failed',
    recovered: null,
    elapsedMs: Math.round(ports.clock.monotonicMs() - startedMs),
    state: entry.observed?.state ?? 'unknown',
    error,
    steps: [],
  });
  publish();
  return true;
}
