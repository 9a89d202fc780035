import { expect, test } from 'vitest';
import { elsewhere, home, linkParts, pairedPeer } from '../../test/doubles/link-parts.ts';
import { homeNetwork } from './network/home-network.ts';
import { linkHandlers } from './link-handlers.ts';
import type { OwnNetwork, PairedPeer } from './ports.ts';

const caller = { send: () => undefined, onClose: () => undefined };

function bench(paired: PairedPeer | null, network: OwnNetwork | null) {
  const given = {
    peers: {
      update: async (part: Partial<PairedPeer>) =>
        void Object.assign(b.state, { paired: { ...b.state.paired, ...part } }),
    },
  };
  const b: ReturnType<typeof linkParts> = linkParts(given);
  Object.assign(b.state, { paired, network });
  return { ...b, handlers: linkHandlers(b.parts) };
}
const where = ({ state }: ReturnType<typeof bench>): string | null =>
  state.paired === null ? 'unpaired' : homeNetwork(state.paired, state.network);

test('a network is trusted, refused and trusted again, as often as a person likes', async () => {
  const b = bench(pairedPeer(), elsewhere);
  expect(where(b)).toBe('other');
  for (const [trust, is] of [
    [true, 'trusted'],
    [false, 'refused'],
    [true, 'trusted'],
    [false, 'refused'],
  ] as const) {
    await b.handlers['peer.network']({ trust }, caller);
    expect(where(b)).toBe(is);
  }
  expect(b.state.paired?.homeRouters).toEqual(['02:00:00:00:00:01']);
});

test('also the network of the pairing can be refused and trusted again', async () => {
  const b = bench(pairedPeer(), home);
  await b.handlers['peer.network']({ trust: false }, caller);
  expect(where(b)).toBe('refused');
  await b.handlers['peer.network']({ trust: true }, caller);
  expect(where(b)).toBe('home');
});

test('before the MAC of the router is read there is nothing to remember an answer by', async () => {
  const b = bench(pairedPeer(), { ...elsewhere, gatewayMac: null });
  expect(await b.handlers['peer.network']({ trust: false }, caller)).toMatchObject({ ok: false });
  b.state.network = elsewhere;
  expect(where(b)).toBe('other');
});

test('a no where there is no router is remembered too, and can be taken back', async () => {
  const routerless = { ...home, gateway: null, gatewayMac: null };
  const b = bench(pairedPeer({ homeRouters: [null] }), routerless);
  await b.handlers['peer.network']({ trust: false }, caller);
  expect(where(b)).toBe('refused');
  await b.handlers['peer.network']({ trust: true }, caller);
  expect(where(b)).toBe('home');
  expect(b.calls).not.toContain('beat.bye');
});

test('an answer closes the question; without a peer or a network there is none', async () => {
  const b = bench(pairedPeer(), elsewhere);
  await b.handlers['peer.network']({ trust: false }, caller);
  expect(b.happened).toEqual([{ type: 'settled', category: 'pairing' }]);
  expect(b.calls).toContain('presence.refresh');
  expect(await bench(null, home).handlers['peer.network']({ trust: true }, caller)).toMatchObject({
    error: { code: 'notPaired' },
  });
  expect(await bench(pairedPeer(), null).handlers['peer.network']({ trust: true }, caller)).toMatchObject({
    error: { code: 'noNetwork' },
  });
});

test('unpairing wants a yes, and somebody to unpair from', async () => {
  const b = bench(pairedPeer(), home);
  expect(await b.handlers['peer.unpair']({ yes: false }, caller)).toMatchObject({
    error: { code: 'notConfirmed' },
  });
  expect(b.calls).toEqual([]);
  const alone = bench(null, home);
  expect(await alone.handlers['peer.unpair']({ yes: true }, caller)).toMatchObject({
    error: { code: 'notPaired' },
  });
});

test('nearby looks once and stops, where nobody is to be found by Bonjour', async () => {
  const wishes: boolean[] = [];
  const { parts, time } = linkParts({
    discovery: {
      browse: (on: boolean) => void wishes.push(on),
      found: () => [
        { name: 'Edge', host: '192.0.2.8', port: 47_321, pin: null, pairing: true },
        { name: 'Other', host: '192.0.2.9', port: 47_321, pin: null, pairing: false },
      ],
    },
  });
  const asked = linkHandlers(parts)['pair.nearby']({}, caller);
  await time.advance(1500);
  expect(await asked).toEqual({ ok: true, value: { found: [{ name: 'Edge', host: '192.0.2.8:47321' }] } });
  // It does not listen, so that it looks for nobody either.
  expect(wishes).toEqual([true, false]);
});
