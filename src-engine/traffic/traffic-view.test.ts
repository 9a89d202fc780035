import { expect, test } from 'vitest';
import { trafficSchema } from '../../src-shared/world/traffic.ts';
import { coreTraffic, edgeTraffic, notLooked, type CoreLook } from './traffic-view.ts';

const look = (change: Partial<CoreLook> = {}): CoreLook => ({
  slice: {
    front: 'haproxy',
    why: 'haproxyFound',
    state: 'up',
    problem: null,
    listen: '127.0.0.1:47380',
    weights: { core: 20, edge: 80 },
  },
  rates: { seen: { core: 20, edge: 80 }, requestsPerSecond: 200, perSecond: { core: 40, edge: 160 } },
  inFlight: { core: 1, edge: 4 },
  core: { address: { host: '127.0.0.1', port: 47_390 }, healthy: true, probeMs: 1 },
  edge: { address: null, ...notLooked },
  sampledAt: new Date('2026-03-02T09:30:00.000Z'),
  ageMs: 0,
  ...change,
});
const down = { ...look().slice, state: 'down' as const };

test('what the core sees is a World slice', () => {
  const traffic = coreTraffic(look());
  expect(trafficSchema.parse(traffic)).toEqual(traffic);
  expect(traffic).toMatchObject({
    weights: { edge: 80 },
    seen: { edge: 80 },
    backends: { core: { address: '127.0.0.1:47390' }, edge: { address: null, healthy: null } },
  });
  expect(traffic.stale).toBeUndefined();
});

test('of a front that is down or silent nothing is seen, and its weights are the last that were known', () => {
  for (const traffic of [coreTraffic(look({ slice: down })), coreTraffic(look({ inFlight: null }))])
    expect(traffic).toMatchObject({
      seen: null,
      requestsPerSecond: null,
      perSecond: null,
      inFlight: null,
      weights: { edge: 80 },
    });
});

test('what is older than three periods is marked', () => {
  expect(coreTraffic(look({ ageMs: 15_001 })).stale).toBe(true);
  expect(coreTraffic(look({ ageMs: 15_000 })).stale).toBeUndefined();
});

test("the edge shows the core's word with its own gate, and how old it is", () => {
  const gate = { listen: '192.0.2.8:47381', ready: false, notReady: 'leaving' as const, inFlight: 2 };
  expect(edgeTraffic(null, 0, gate)).toBeNull();
  const told = coreTraffic(look());
  expect(edgeTraffic(told, 1000, gate)).toEqual({ ...told, gate });
  expect(edgeTraffic(told, 16_000, gate)?.stale).toBe(true);
  expect(edgeTraffic({ ...told, stale: true }, 0, null)).toMatchObject({ stale: true, gate: null });
});
