import { expect, test } from 'vitest';
import { gateway, type GatewayParts } from '../../../test/doubles/submariner-objects.ts';
import { gatewaysOf } from './crds.ts';
import { nextWord, tunnelWord, type Looked, type TunnelFacts } from './tunnel-view.ts';

const SECONDS = 1_700_000_000;
const now = { monotonicMs: 500_000, wallMs: SECONDS * 1000 + 4000 };
const looked = (parts: GatewayParts): Looked => ({
  kind: 'gateways',
  gateways: gatewaysOf([gateway(parts)]),
});

function wordOf(of: Looked, more: Partial<TunnelFacts> = {}) {
  const active = of.kind === 'gateways' ? (of.gateways[0] ?? null) : null;
  return tunnelWord({
    looked: of,
    word: nextWord(null, active, now),
    now,
    clusterId: 'core',
    peerId: 'edge',
    broker: 'https://192.168.1.10:6443',
    apartMs: null,
    ...more,
  });
}

test('connected, with the round trip and the age of the word', () => {
  const { state, problem, view } = wordOf(looked({ peer: { rtt: '1.16ms' } }));
  expect([state, problem]).toEqual(['connected', null]);
  expect(view).toMatchObject({
    gateway: {
      node: 'core-worker',
      address: '192.168.1.10',
      updatedAt: new Date(SECONDS * 1000).toISOString(),
    },
    peer: { clusterId: 'edge', state: 'connected', rttMs: 1.16, address: '192.168.1.20', behindNat: true },
  });
});

test.each<[string, Looked, Partial<TunnelFacts>, string, string | null]>([
  ['no answer', { kind: 'noAnswer' }, {}, 'unknown', null],
  ['kinds of another version', { kind: 'otherVersion', version: 'v2' }, {}, 'unknown', 'crdVersion'],
  ['nothing there', { kind: 'absent' }, {}, 'error', 'gatewayInactive'],
  ['only a passive gateway', looked({ ha: 'passive' }), {}, 'error', 'gatewayInactive'],
  ['one that cannot start', looked({ failure: 'no public IP' }), {}, 'error', 'gatewayInactive'],
  ['alone', looked({}), {}, 'none', null],
  ['on its way', looked({ peer: { state: 'connecting' } }), { apartMs: 100_000 }, 'connecting', null],
  [
    'too long on its way',
    looked({ peer: { state: 'connecting' } }),
    { apartMs: 181_000 },
    'connecting',
    'tunnelBlocked',
  ],
  ['broken', looked({ peer: { state: 'error', message: 'ping lost' } }), {}, 'error', 'tunnelBroken'],
  ['a word that nobody knows', looked({ peer: { state: 'resting' } }), {}, 'unknown', null],
  ['silent from the start', looked({ updatedSeconds: null, peer: {} }), {}, 'unknown', 'tunnelSilent'],
])('%s', (_what, of, more, state, code) => {
  const word = wordOf(of, more);
  expect([word.state, word.problem?.code ?? null]).toEqual([state, code]);
});

test('15 s without a word and it is unknown, round trip and all; what the gateway said stays to be read', () => {
  const of = looked({ peer: { rtt: '1ms' } });
  const word = { gateway: 'core-worker', seconds: SECONDS, changedMs: now.monotonicMs - 15_001 };
  expect(wordOf(of, { word })).toMatchObject({
    state: 'unknown',
    problem: { code: 'tunnelSilent', params: { seconds: 15 } },
    view: { peer: { clusterId: 'edge', state: 'unknown', rttMs: null } },
  });
  expect(wordOf(of, { word: { ...word, changedMs: now.monotonicMs - 15_000 } }).state).toBe('connected');
});

test('the age of a word is told by this Mac’s clock as soon as it is seen to change', () => {
  const lagging = { name: 'core-worker', updatedSeconds: SECONDS - 600 };
  const first = nextWord(null, lagging, now);
  expect(now.monotonicMs - (first?.changedMs ?? 0)).toBe(604_000);
  const later = { monotonicMs: now.monotonicMs + 5000, wallMs: now.wallMs + 5000 };
  expect(nextWord(first, lagging, later)).toBe(first);
  const beat = nextWord(first, { ...lagging, updatedSeconds: SECONDS - 595 }, later);
  expect(beat?.changedMs).toBe(later.monotonicMs);
  // Another gateway takes over: its clock is not that of the one before.
  expect(nextWord(beat, { name: 'core-worker2', updatedSeconds: SECONDS }, now)?.changedMs).toBe(496_000);
  expect(nextWord(beat, null, later)).toBeNull();
});
