import type { Disposable } from '../platform/clock.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { RECHECK_MS, WATCH_AFTER_MS, watchMemory } from './memory-watch.ts';

export interface Recheck extends Disposable {
  /** A start has ended well: looks again at 15, 60, 180 and 300 s, and where it may, rolls it back when memory stays critical. */
  after(entry: ClusterEntry, options: { readonly mayRollBack: boolean }): void;
}

/** What follows a start; each is done only while the cluster is as the start has left it. */
export interface RecheckActs {
  weighAgain(entry: ClusterEntry): Promise<void>;
  /** The host has been critical for 15 s, within five minutes of the start. False: it could not; 15 s later it is asked again. */
  rollBack(entry: ClusterEntry): Promise<boolean>;
}

/** The guard's second looks after a start, so that the screens tell how it turned out, and its hand on it. */
export function createRecheck(
  ports: Pick<ClusterPorts, 'clock' | 'scheduler' | 'memory' | 'log'>,
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
    after(entry, { mayRollBack }) {
      // Of two starts the last one counts.
      end(entry);
      const looks = RECHECK_MS.map((delayMs) =>
        ports.scheduler.after(delayMs, () => {
          if (asLeft(entry) && entry.observed?.state === 'running') void weighAgain(entry);
        }),
      );
      let memory: Disposable | null = null;
      const watch = (): void => {
        memory = watchMemory(ports, () => void act());
      };
      const act = async (): Promise<void> => {
        if (!asLeft(entry)) return end(entry);
        const done = await rollBack(entry).catch((error: unknown) => {
          ports.log.error({ error: String(error) }, 'a start could not be rolled back');
          return false;
        });
        if (done) return end(entry);
        memory?.dispose();
        if (watches.has(entry)) watch();
      };
      if (mayRollBack) watch();
      const over = ports.scheduler.after(WATCH_AFTER_MS, () => end(entry));
      const timers = [...looks, over];
      watches.set(entry, {
        dispose() {
          for (const timer of timers) timer.dispose();
          memory?.dispose();
        },
      });
    },
    dispose() {
      for (const watch of watches.values()) watch.dispose();
    },
  };
}
