import { expect, test } from 'vitest';
import { unknownVitals } from '../../src-shared/world/vitals.ts';
import type { PeerStatus } from './ports.ts';
import { gistOf, sendInMs } from './status-pace.ts';

const status: PeerStatus = {
  name: 'mini',
  role: 'core',
  version: '1',
  vitals: unknownVitals,
  clusters: [],
  api: null,
};

test('the first goes at once, news after a second, numbers at the pace of the sensors', () => {
  const gist = gistOf(status);
  const drained = gistOf({ ...status, vitals: { ...unknownVitals, stage: 'drain' } });
  expect(sendInMs(null, gist, 7)).toBe(0);
  expect(sendInMs({ atMs: 0, gist }, drained, 400)).toBe(600);
  expect(sendInMs({ atMs: 0, gist }, drained, 5000)).toBe(0);
  expect(sendInMs({ atMs: 0, gist }, gist, 5000)).toBe(10_000);
});

test('a number that moves is no news, a role is', () => {
  const load = { source: 'x', sampledAt: '2026-01-01T00:00:00.000Z', cpuPercent: 3, load1: 1 };
  expect(gistOf({ ...status, vitals: { ...unknownVitals, load } })).toBe(gistOf(status));
  expect(gistOf({ ...status, role: 'edge' })).not.toBe(gistOf(status));
});
