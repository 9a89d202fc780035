import { expect, test } from 'vitest';
import type { ExportsMessage } from '../../../src-shared/tunnel-messages.ts';
import type { RelayWish } from '../relay/relay-config.ts';
import { listenWish } from './relay-listen.ts';
import { isIdle, relayWish, type WishParts } from './relay-wish.ts';

const web = { namespace: 'shop', name: 'web' };
const to = { kind: 'tcp', host: '127.0.0.1', port: 8080 } as const;
const said: ExportsMessage = {
  type: 'exports',
  relay: { host: '192.168.1.10', port: 47_382 },
  services: [{ ...web, ports: [{ name: null, port: 80 }], names: true }],
};
const parts: WishParts = {
  keys: { ownPemFile: '/own.pem', peerPin: 'a'.repeat(64) },
  listen: null,
  sources: [
    { wanted: { ...web, names: true }, ports: [{ name: null, port: 80, to }], problem: null, known: true },
  ],
  said,
  place: { listenHost: '172.18.0.1', seenAs: '172.18.0.1', allow: ['172.18.0.1/16'] },
  withdrawn: false,
  state: null,
  before: null,
};
const open = { host: '172.18.0.1', port: 40_001 };
const state = {
  pid: 1,
  listen: null,
  problem: null,
  look: { failures: 0, rttMs: null, answeredAt: null },
  services: [],
  exports: [],
  imports: [{ ...web, port: 80, listen: open, problem: null, connections: 0 }],
  refused: 0,
};

test('a port that is open is kept: the cluster was told of it', () => {
  expect(relayWish(parts).imports[0]?.listen.port).toBe(0);
  expect(relayWish({ ...parts, state }).imports[0]?.listen).toEqual(open);
});

test('withdrawn, nothing is carried there, and the ports stay', () => {
  const wish = relayWish({ ...parts, state, withdrawn: true });
  expect([wish.peer, wish.imports.length]).toEqual([null, 1]);
});

test('what cannot be seen stays served, what the other Mac took back does not', () => {
  const before: RelayWish = relayWish({ ...parts, state });
  const blind = {
    ...parts,
    sources: [{ ...parts.sources[0]!, ports: [], known: false }],
    place: null,
    before,
  };
  expect(relayWish(blind)).toEqual(before);
  const unsaid = relayWish({ ...blind, sources: [], said: { ...said, services: [] } });
  expect(isIdle(unsaid)).toBe(true);
});

test('where it listens: its own port, any when that is taken, or exactly what a person says', () => {
  expect(listenWish('', '192.168.1.20', false)).toEqual({
    ok: true,
    value: { host: '192.168.1.20', port: 47_382 },
  });
  expect(listenWish('', '192.168.1.20', true)).toEqual({
    ok: true,
    value: { host: '192.168.1.20', port: 0 },
  });
  expect(listenWish('', null, false)).toEqual({ ok: true, value: null });
  expect(listenWish('[fe80::1]:5000', null, true)).toEqual({
    ok: true,
    value: { host: 'fe80::1', port: 5000 },
  });
  for (const wrong of ['47382', 'host', 'host:0', 'host:70000', 'a b:1', '0.0.0.0:47382', '[::]:47382'])
    expect(listenWish(wrong, null, false)).toMatchObject({ ok: false, error: { code: 'addressInvalid' } });
});
