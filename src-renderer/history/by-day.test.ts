import { expect, test } from 'vitest';
import { byDay, clockTime, dayOf } from './by-day.ts';

const record = (id: string, day: number, hour: number) => ({
  id,
  at: new Date(2026, 2, day, hour, 4).toISOString(),
  kind: 'x',
  what: 'x',
  why: null,
  evidence: {},
});

test('records stand under their local day, newest day first as they came', () => {
  const days = byDay([record('c', 3, 0), record('b', 2, 23), record('a', 2, 1)]);
  expect(days.map(({ day, records }) => [day, records.map(({ id }) => id)])).toEqual([
    ['2026-03-03', ['c']],
    ['2026-03-02', ['b', 'a']],
  ]);
});

test('times are local and of equal width', () => {
  expect(clockTime(new Date(2026, 2, 2, 9, 4).toISOString())).toBe('09:04');
  expect(dayOf(new Date(2026, 0, 2).toISOString())).toBe('2026-01-02');
});
