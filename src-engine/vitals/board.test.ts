import { expect, test } from 'vitest';
import { emptyBoard, fresh, noteRead, slowed } from './board.ts';
import type { Situation } from './cadence.ts';

const live: Situation = {
  mode: 'linux',
  live: true,
  clusterRunning: false,
  onAC: true,
  memoryHigh: false,
  thermalHigh: false,
  percentInDoubt: false,
  battery: 'absent',
  gaugeAnswers: false,
  timeScale: 1,
};
const load = {
  source: 'test',
  sampledAt: '2026-01-01T00:00:00.000Z',
  atMs: 0,
  value: { cpuPercent: 5, load1: 1 },
};

test('what was read at the quick pace is not old before the next slow reading is due', () => {
  const board = noteRead(emptyBoard, 'load', load, live);
  expect(fresh(board.load, 7000)).toBeNull();
  const quiet = slowed(board, { ...live, live: false });
  expect(fresh(quiet.load, 7000)).not.toBeNull();
  expect(fresh(quiet.load, 91_000)).toBeNull();
});

test('a quicker pace makes nothing old', () => {
  const quiet = noteRead(emptyBoard, 'load', load, { ...live, live: false });
  expect(fresh(slowed(quiet, live).load, 80_000)).not.toBeNull();
});
