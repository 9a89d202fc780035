import { expect, test } from 'vitest';
import { continuousClock } from './continuous-clock.ts';

/** Three clocks of one machine; the boot clock as fine as `bootStepMs`. */
function machine(bootStepMs: number, monotonicSleeps = false) {
  const at = { mono: 5000, wall: 1_700_000_000_000, boot: 90_000_777 };
  return {
    sources: {
      monotonicMs: () => at.mono,
      wallMs: () => at.wall,
      bootMs: () => Math.floor(at.boot / bootStepMs) * bootStepMs,
    },
    run(ms: number) {
      at.mono += ms;
      at.wall += ms;
      at.boot += ms;
    },
    sleep(ms: number) {
      if (monotonicSleeps) at.mono += ms;
      at.wall += ms;
      at.boot += ms;
    },
    setWall(ms: number) {
      at.wall += ms;
    },
  };
}

const kinds = [
  ['Linux', 10, false],
  ['macOS', 1000, false],
  ['macOS whose monotonic clock counts sleep', 1000, true],
] as const;

test.each(kinds)('%s: sleep counts, at the first reading after it', (_os, bootStepMs, counts) => {
  const mac = machine(bootStepMs, counts);
  const now = continuousClock(mac.sources);
  const before = now();
  mac.run(100);
  mac.sleep(2100);
  const passed = now() - before;
  expect(passed).toBeGreaterThan(2000);
  expect(passed).toBeLessThan(3300);
});

test.each(kinds)('%s: a wall clock that is set is no time that passed', (_os, bootStepMs, counts) => {
  const mac = machine(bootStepMs, counts);
  const now = continuousClock(mac.sources);
  const before = now();
  for (const jumpMs of [3_600_000, -7_200_000, 5000, -5000]) {
    mac.setWall(jumpMs);
    mac.run(50);
    now();
  }
  expect(now() - before).toBe(200);
});

test.each(kinds)('%s: an hour of ticks is an hour', (_os, bootStepMs, counts) => {
  const mac = machine(bootStepMs, counts);
  const now = continuousClock(mac.sources);
  const before = now();
  for (let tick = 0; tick < 4 * 3600; tick += 1) {
    mac.run(250);
    now();
  }
  expect(now() - before).toBe(3_600_000);
});

test('a wall clock that was set back in sleep hides nothing', () => {
  const mac = machine(10);
  const now = continuousClock(mac.sources);
  const before = now();
  mac.run(240);
  mac.sleep(10_000);
  mac.setWall(-10_000);
  expect(now() - before).toBeGreaterThan(10_000);
});
