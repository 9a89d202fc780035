import type { Disposable } from '../platform/clock.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { RECHECK_MS } from './memory-watch.ts';

export interface Recheck extends Disposable {
  /** A start has ended well: looks again at 15, 60 and 180 s. */
  after(entry: ClusterEntry): void;
}

/** The guard's second looks after a start, so that the screens tell how it turned out. */
export function createRecheck(
  ports: ClusterPorts,
  weighAgain: (entry: ClusterEntry) => Promise<void>,
): Recheck {
  const timers = new Set<Disposable>();
  return {
    after(entry) {
      for (const delayMs of RECHECK_MS) {
        const timer = ports.scheduler.after(delayMs, () => {
          timers.delete(timer);
          // It may be on its way elsewhere by then.
          if (entry.progress === null && entry.observed?.state === 'running') void weighAgain(entry);
        });
        timers.add(timer);
      }
    },
    dispose() {
      for (const timer of timers) timer.dispose();
    },
  };
}
