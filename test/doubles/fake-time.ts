import type { Clock, Scheduler } from '../../src-engine/platform/clock.ts';

interface Timer {
  at: number;
  readonly periodMs: number | null;
  readonly task: () => void;
}

/** A clock and scheduler that move only when told. */
export function fakeTime(startIso = '2026-01-01T00:00:00.000Z') {
  let now = 0;
  let wallOffset = Date.parse(startIso);
  const timers = new Set<Timer>();
  const clock: Clock = { monotonicMs: () => now, wall: () => new Date(wallOffset + now) };
  const add = (timer: Timer) => {
    timers.add(timer);
    return { dispose: () => void timers.delete(timer) };
  };
  const scheduler: Scheduler = {
    after: (delayMs, task) => add({ at: now + delayMs, periodMs: null, task }),
    every: (periodMs, task) => add({ at: now + periodMs, periodMs, task }),
  };
  function nextDue(until: number): Timer | undefined {
    return [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  }
  return {
    clock,
    scheduler,
    pending: () => timers.size,
    /** A jump of the wall clock alone. */
    jumpWall: (ms: number) => void (wallOffset += ms),
    /** Moves on, firing what is due, and lets promises settle between. */
    async advance(ms: number): Promise<void> {
      const until = now + ms;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        now = Math.max(now, timer.at);
        if (timer.periodMs === null) timers.delete(timer);
        else timer.at += timer.periodMs;
        timer.task();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
