import { expect, test } from 'vitest';
import { openDesk } from './desk.ts';
import type { Told } from './gate-config.ts';

function desk(told: Told, held = 3) {
  const at = { now: 0, held, trips: [] as string[] };
  const made = openDesk({
    now: () => at.now,
    connections: {
      holds: () => at.held > 0,
      resetAll: () => {
        const reset = at.held;
        at.held = 0;
        return reset;
      },
    },
    told,
    onTrip: ({ why }, reset) => void at.trips.push(`${why} ${reset}`),
  });
  return { at, made };
}

test('after a pause everything is reset once, and it stays out until it is told otherwise', () => {
  const { at, made } = desk(null);
  at.now = 2600;
  expect(made.pausedNow()).toBe(true);
  expect(at).toMatchObject({ held: 0, trips: ['gap 3'] });
  expect(made.pausedNow()).toBe(false);
  expect(made.told()).toBe('paused');
  made.tell(null);
  expect(made.told()).toBeNull();
});

test('a gate that leaves is paused too, one that stays out just stays out', () => {
  for (const [told, after] of [
    ['leaving', 'paused'],
    ['stayOut', 'stayOut'],
    ['paused', 'paused'],
  ] as const) {
    const { at, made } = desk(told);
    at.now = 5000;
    expect(made.pausedNow()).toBe(true);
    expect(made.told()).toBe(after);
  }
});

test('silence is counted from the last word, the engine`s "ready" being one', () => {
  const { at, made } = desk('stayOut');
  at.now = 1900;
  expect(made.pausedNow()).toBe(false);
  made.tell(null);
  at.now = 3800;
  expect(made.pausedNow()).toBe(false);
  at.now = 3950;
  expect(made.pausedNow()).toBe(true);
  expect(at.trips).toEqual(['silence 3']);
});
