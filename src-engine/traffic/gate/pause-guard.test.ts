import { expect, test } from 'vitest';
import { heard, look, newGuard, TICK_MS, type Guard, type Tripped } from './pause-guard.ts';

/** Ticks from `fromMs` to `toMs`; the first trip. */
function ticks(guard: Guard, fromMs: number, toMs: number, holds: boolean) {
  let tripped: Tripped | null = null;
  let now = fromMs;
  for (; now <= toMs && tripped === null; now += TICK_MS) ({ guard, tripped } = look(guard, now, holds));
  return { guard, tripped, atMs: now - TICK_MS };
}

test('a process that runs and hears the core each 500 ms never trips', () => {
  let guard = newGuard(0);
  for (let now = 0; now < 60_000; now += 500) {
    const seen = ticks(guard, now, now + 499, true);
    expect(seen.tripped).toBeNull();
    guard = heard(seen.guard, now + 499);
  }
});

test('a gap of 2.0 s is none, one above is, whatever is held', () => {
  expect(look(newGuard(1000), 3000, true).tripped).toBeNull();
  expect(look(newGuard(1000), 3001, false).tripped).toEqual({ why: 'gap', lastedMs: 2001 });
});

test('silence trips within 2.25 s, and only while connections of the core are held', () => {
  const seen = ticks(newGuard(0), TICK_MS, 10_000, true);
  expect(seen.tripped?.why).toBe('silence');
  expect(seen.atMs).toBeLessThanOrEqual(2250);
  expect(ticks(newGuard(0), TICK_MS, 10_000, false).tripped).toBeNull();
});

test('a look of its own counts as running: what trips once does not trip again for the same gap', () => {
  const first = look(newGuard(0), 60_000, true);
  expect(first.tripped?.why).toBe('gap');
  expect(look(first.guard, 60_001, false).tripped).toBeNull();
});

test('a word that comes after the silence does not undo it: who looks first sees it', () => {
  const { tripped } = look({ lookedAtMs: 2900, wordAtMs: 500 }, 3000, true);
  expect(tripped?.why).toBe('silence');
});
