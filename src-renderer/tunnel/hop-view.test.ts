import { expect, test } from 'vitest';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { hopsOf } from './hop-view.ts';

const at = '2026-01-01T00:00:00.000Z';
const relay = { listen: '192.168.1.10:47382', peer: '192.168.1.20:47382', rttMs: 1.2, answeredAt: at };
const tunnel: Tunnel = {
  kind: 'lan',
  state: 'connected',
  since: at,
  why: 'noTool',
  problem: null,
  relay,
  exports: [],
  imports: [],
  source: 'relay',
  sampledAt: at,
};
const tones = (more: Partial<Tunnel>) => hopsOf({ ...tunnel, ...more }).map(({ tone }) => tone);

test('each hop has its own state, and only what answered has an age', () => {
  expect(tones({})).toEqual(['ok', 'ok', 'ok']);
  expect(tones({ relay: { ...relay, rttMs: null } })).toEqual(['ok', 'bad', 'bad']);
  expect(tones({ relay: { ...relay, listen: null } })).toEqual(['warn', 'ok', 'ok']);
  expect(tones({ problem: { code: 'relayDown', params: { detail: 'x' } } })).toEqual(['bad', 'ok', 'ok']);
  expect(hopsOf(tunnel)[0]?.seenAt).toBeNull();
  expect(hopsOf(tunnel)[2]).toMatchObject({ address: relay.peer, seenAt: at });
});

test('a Mac that exports nothing has no relay to miss, and without anything to carry there is no path', () => {
  expect(tones({ relay: { ...relay, peer: null, rttMs: null } })).toEqual(['ok', 'dim', 'dim']);
  expect(hopsOf({ ...tunnel, relay: null })).toEqual([]);
});
