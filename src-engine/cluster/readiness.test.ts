import { expect, test } from 'vitest';
import { proofsOf, type ApiSnapshot } from './readiness.ts';

const since = new Date('2026-01-01T10:00:00.700Z');
const before = new Date('2026-01-01T09:59:59Z');
const sameSecond = new Date('2026-01-01T10:00:00Z');
const later = new Date('2026-01-01T10:00:20Z');
function snapshot(
  heartbeatAt: Date | null,
  leaderSince: Date | null,
  dnsAt: Date | null,
  ready = true,
): ApiSnapshot {
  return {
    nodes: [{ name: 'a', ready, heartbeatAt, pods: 3 }],
    leaderSince,
    dns: [{ startedAt: dnsAt, ready }],
  };
}

test('right after a start the API tells the past, and proves nothing', () => {
  expect(proofsOf(snapshot(before, before, before), since, 1)).toEqual({
    heartbeat: false,
    leader: false,
    dns: false,
  });
});

test('what happened since the start proves life; Kubernetes rounds down to seconds', () => {
  expect(proofsOf(snapshot(sameSecond, sameSecond, later), since, 1)).toEqual({
    heartbeat: true,
    leader: true,
    dns: true,
  });
});

test('each proof stands alone, and every node and DNS pod must give it', () => {
  expect(proofsOf(snapshot(later, before, later), since, 1)).toEqual({
    heartbeat: true,
    leader: false,
    dns: true,
  });
  expect(proofsOf(snapshot(later, later, later), since, 2).heartbeat).toBe(false);
  expect(proofsOf(snapshot(later, later, later, false), since, 1)).toEqual({
    heartbeat: false,
    leader: true,
    dns: false,
  });
  expect(proofsOf({ nodes: [], leaderSince: null, dns: [] }, since, 1)).toEqual({
    heartbeat: false,
    leader: false,
    dns: false,
  });
});

test('a DNS pod proves nothing by a start that is older than its node', () => {
  const seen = {
    ...snapshot(later, later, sameSecond),
    dns: [{ startedAt: sameSecond, ready: true, node: 'a' }],
  };
  expect(proofsOf(seen, since, 1).dns).toBe(true);
  expect(proofsOf(seen, since, 1, new Map([['a', later]])).dns).toBe(false);
});
