import { expect, test } from 'vitest';
import type { Wake, WakeLine } from '../../src-shared/world/wake.ts';
import { wakeLinesShown } from './wake-view.ts';

const at = '2026-01-01T00:00:00.000Z';
const nowMs = Date.parse(at) + 30_000;
const line = (verdict: WakeLine['verdict']): WakeLine => ({
  id: 'api',
  verdict,
  problem: null,
  tookMs: 1200,
});
const wake = (...verdicts: WakeLine['verdict'][]): Wake => ({ at, state: 'done', lines: verdicts.map(line) });

test('a wake in which all was well at once is no news', () => {
  expect(wakeLinesShown(null, nowMs)).toEqual([]);
  expect(wakeLinesShown(wake('ok', 'unknown'), nowMs)).toEqual([]);
});

test.each(['recovered', 'looking', 'problem'] as const)(
  'with one that is %s the whole list is shown, for ten minutes',
  (verdict) => {
    expect(wakeLinesShown(wake('ok', verdict), nowMs)).toHaveLength(2);
    expect(wakeLinesShown(wake('ok', verdict), nowMs + 10 * 60_000)).toEqual([]);
  },
);
