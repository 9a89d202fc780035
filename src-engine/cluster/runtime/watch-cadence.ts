import type { Disposable, Scheduler } from '../../platform/clock.ts';

/** Between two looks while somebody watches, and while nobody does. */
const LIVE_MS = 5000;
export const QUIET_MS = 60_000;

/** Looks again and again, more often while somebody watches; at once when that begins. */
export function watchAt(
  scheduler: Scheduler,
  act: () => void,
): Disposable & { setLive(live: boolean): void } {
  let live = false;
  let timer = scheduler.every(QUIET_MS, act);
  return {
    setLive(next) {
      if (next === live) return;
      live = next;
      timer.dispose();
      timer = scheduler.every(live ? LIVE_MS : QUIET_MS, act);
      if (live) act();
    },
    dispose: () => timer.dispose(),
  };
}
