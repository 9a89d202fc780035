import { expect, test } from 'vitest';
import { advanced, begun, ended, operationOf } from './progress.ts';

const start = begun('join', '2026-01-01T00:00:00.000Z', ['preflight', 'joinCluster', 'proveTunnel'], (id) =>
  id === 'joinCluster' ? 10_000 : 2000,
);
const states = (progress: typeof start, nowMs: number) =>
  operationOf(progress, nowMs).steps.map(({ status, elapsedMs }) => [status, elapsedMs]);

test('a step that begins ends the one before it, each with its own time', () => {
  const at = advanced(advanced(start, 'preflight', 100), 'joinCluster', 900);
  expect(states(at, 3900)).toEqual([
    ['done', 800],
    ['running', 3000],
    ['waiting', null],
  ]);
  // 7 s of the usual 10 s are left, and the last step's 2 s.
  expect(operationOf(at, 3900)).toMatchObject({ step: 'joinCluster', done: 1, total: 3, etaMs: 9000 });
});

test('what failed says so, and one that takes longer than usual takes nothing off the rest', () => {
  const failed = ended(advanced(start, 'joinCluster', 0), 'failed', 60_000);
  expect(states(failed, 99_000)[1]).toEqual(['failed', 60_000]);
  expect(operationOf(advanced(start, 'joinCluster', 0), 60_000).etaMs).toBe(4000);
});

test('without a time of before nothing is promised', () => {
  expect(
    operationOf(
      begun('leave', '2026-01-01T00:00:00.000Z', ['uninstall'], () => null),
      0,
    ).etaMs,
  ).toBeNull();
});
