import { expect, test } from 'vitest';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import { pairingHappening } from './pairing-notice.ts';

const at = (stage: Pairing['stage'], peerName: string | null = 'Edge'): Pairing => ({
  side: 'listener',
  stage,
  listening: '192.0.2.1:47321',
  digits: stage === 'compare' ? '123456' : null,
  peerName,
  peerPin: null,
  role: null,
  expiresAt: '2026-01-01T00:01:00.000Z',
  error: null,
});

test('digits that wait are told once, with the name of who shows them too, and never the digits', () => {
  const told = pairingHappening(at('listening', null), at('compare'));
  expect(told).toEqual({ type: 'peer', kind: 'pairingAsked', params: { name: 'Edge' } });
  expect(pairingHappening(at('compare'), at('compare'))).toBeNull();
});

test.each([
  ['answered', at('waiting')],
  ['failed or out of time', at('failed')],
  ['cancelled', null],
])('it is over when it is %s', (_how, now) => {
  expect(pairingHappening(at('compare'), now)).toEqual({ type: 'settled', category: 'digits' });
});

test('what asks nothing of this person is not told', () => {
  for (const [before, now] of [
    [null, at('listening', null)],
    [null, at('dialling', null)],
    [at('listening', null), null],
    [at('waiting'), at('done')],
  ] as const)
    expect(pairingHappening(before, now)).toBeNull();
});
