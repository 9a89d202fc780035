import type { Disposable } from '../platform/clock.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { RECHECK_MS, WATCH_AFTER_MS, watchMemory } from './memory-watch.ts';

export interface Recheck extends Disposable {
  /** A start has ended well: looks again at 15, 60, 180 and 300 s, and rolls it back when memory stays critical. */
  after(entry: ClusterEntry): void;
}

/** What follows a start; each is done only while the cluster is as the start has left it. */
export interface RecheckActs {
  weighAgain(entry: ClusterEntry): Promise<void>;
  /** The host has been critical for 15 s, within five minutes of the start. */
  rollBack(entry: ClusterEntry): Promise<void>;
}

/** The guard's second looks after a start, so that the screens tell how it turned out, and its hand on it. */
export function createRecheck(
  ports: Pick<ClusterPorts, 'clock' | 'scheduler' | 'memory'>,
  { weighAgain, rollBack }: RecheckActs,
): Recheck {
  const watches = new Map<ClusterEntry, Disposable>();
  const end = (entry: ClusterEntry): void => {
    watches.get(entry)?.dispose();
    watches.delete(entry);
  };
  /** It may be on its way elsewhere by then. */
  const asLeft = ({ progress, observed }: ClusterEntry): boolean =>
    progress === null && (observed?.state === 'running' || observed?.state === 'degraded');
  return {
    after(entry) {
      // Of two starts the last one counts.
      end(entry);
      const looks = RECHECK_MS.map((delayMs) =>
        ports.scheduler.after(delayMs, () => {
          if (asLeft(entry) && entry.observed?.state === 'running') void weighAgain(entry);
        }),
      );
      const memory = watchMemory(ports, () => {
        const isLeft = asLeft(entry);
        end(entry);
        if (isLeft) void rollBack(entry);
      });
      const over = ports.scheduler.after(WATCH_AFTER_MS, () => end(entry));
      const timers = [...looks, memory, over];
      watches.set(entry, { dispose: () => timers.forEach((timer) => timer.dispose()) });
    },
    dispose() {
      for (const watch of watches.values()) watch.dispose();
    },
  };
}
