import type { Disposable, Scheduler } from '../../platform/clock.ts';

const MINUTE_MS = 60_000;

/** So many of something within any minute. */
export interface MinuteBudget extends Disposable {
  /** Takes one; false when those of the last minute are all there may be. */
  take(): boolean;
}

/** @param onFree called a minute after each that was taken, when it may be taken again */
export function minuteBudget(scheduler: Scheduler, most: number, onFree: () => void): MinuteBudget {
  const spent = new Set<Disposable>();
  return {
    take() {
      if (spent.size >= most) return false;
      const timer = scheduler.after(MINUTE_MS, () => {
        spent.delete(timer);
        onFree();
      });
      spent.add(timer);
      return true;
    },
    dispose() {
      for (const timer of spent) timer.dispose();
    },
  };
}
