import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { trafficLines } from './traffic-lines.ts';

const traffic: Traffic = {
  front: 'haproxy',
  why: 'haproxyFound',
  state: 'up',
  problem: null,
  listen: '127.0.0.1:47380',
  weights: { core: 20, edge: 80 },
  seen: { core: 21, edge: 79 },
  requestsPerSecond: 200,
  perSecond: { core: 42, edge: 158 },
  inFlight: { core: 1, edge: 4 },
  backends: {
    core: { address: '127.0.0.1:47390', healthy: true, probeMs: 2 },
    edge: { address: null, healthy: null, probeMs: null },
  },
  gate: null,
  source: 'haproxy',
  sampledAt: WORLD_AT,
};
const lines = (change: Partial<Traffic> = {}, laterMs = 0): string =>
  trafficLines({ ...traffic, ...change }, translator('en'), new Date(Date.parse(WORLD_AT) + laterMs)).join(
    '\n',
  );

test('weights beside what is seen, for each side', () => {
  const [front, core, edge] = lines().split('\n');
  expect(front).toContain('127.0.0.1:47380');
  expect(core).toMatch(/20 %.*21 %.*42\.0.*127\.0\.0\.1:47390 ✓ 2 ms/);
  expect(edge).toMatch(/80 %.*79 %.*158\.0.*unknown/);
});

test('what is not known is said to be, never 0', () => {
  const text = lines({ seen: null, perSecond: null, inFlight: null });
  expect(text.match(/unknown/g)?.length).toBeGreaterThanOrEqual(6);
  expect(text).not.toMatch(/ 0(\.0)?( |$)/m);
});

test('a front that is down says why and what to do', () => {
  const text = lines({ state: 'down', problem: { code: 'frontPortTaken', params: { port: 47_380 } } });
  expect(text).toContain('47380');
  expect(text.split('\n').length).toBeGreaterThanOrEqual(5);
});

test("the edge's gate has a line, and an old word its age", () => {
  const gate = { listen: '192.0.2.8:47381', ready: false, notReady: 'leaving' as const, inFlight: 2 };
  expect(lines({ gate })).toContain('192.0.2.8:47381');
  expect(lines()).not.toContain('old');
  expect(lines({}, 42_000)).toMatch(/42 s/);
});
