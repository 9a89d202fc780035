import { expect, test } from 'vitest';
import { pairedPeer } from '../../test/doubles/link-parts.ts';
import { breakClassSchema, peerSchema, type BreakClass } from '../../src-shared/world/peer.ts';
import { unknownVitals } from '../../src-shared/world/vitals.ts';
import { peerSlice, type Told, type Verdict } from './peer-slice.ts';

const since = '2026-01-01T00:00:00.000Z';
const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  link: 'up',
  since,
  class: null,
  likely: null,
  byeReason: null,
  evidence: [],
  ...change,
});
const heard = { rttMs: 3, quality: 'good', silenceMs: 120 } as const;
const told: Told = {
  status: { name: 'New name', role: 'edge', version: '2', vitals: unknownVitals, clusters: [], api: null },
  at: since,
};
const core = pairedPeer({ role: 'core' });

test('what it told wins over what pairing knew, except who it is', () => {
  const slice = peerSlice(pairedPeer(), 'core', verdict(), heard, told);
  expect(slice).toMatchObject({ name: 'New name', role: 'edge', version: '2', toldAt: since, rttMs: 3 });
  expect(peerSchema.safeParse(slice).success).toBe(true);
  expect(peerSlice(pairedPeer(), 'core', verdict(), heard, null)).toMatchObject({
    name: 'Edge',
    vitals: null,
    clusters: null,
  });
});

test('a round trip or a quality from before the break is not shown as one of now', () => {
  const slice = peerSlice(core, 'edge', verdict({ link: 'down' }), heard, told);
  expect(slice).toMatchObject({ rttMs: null, quality: null, lastSeenMs: 120 });
});

test('isolated is an edge that cannot reach its core: not a core, and not for a program that crashed', () => {
  const isolated = (as: 'core' | 'edge', link: Verdict['link'], breakClass: BreakClass): boolean =>
    peerSlice(core, as, verdict({ link, class: breakClass }), heard, null).isolated;
  expect(breakClassSchema.options.filter((one) => isolated('edge', 'down', one))).toEqual([
    'SELF_OFFLINE',
    'SELF_OR_ROUTER_DOWN',
    'LOCAL_NETWORK_DENIED',
    'PEER_UNREACHABLE',
    'ONE_WAY',
  ]);
  expect(isolated('core', 'down', 'PEER_UNREACHABLE')).toBe(false);
  expect(isolated('edge', 'left', 'LEFT')).toBe(false);
});
