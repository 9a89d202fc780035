import { expect, test } from 'vitest';
import { elsewhere, home, linkParts, pairedPeer } from '../../test/doubles/link-parts.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Pairing } from '../../src-shared/world/peer.ts';
import { createPresence } from './presence.ts';
import type { OwnNetwork } from './ports.ts';

type Listening = Result<{ address: string; port: number }>;

function bench(start: OwnNetwork | null = home) {
  const { state } = linkParts();
  const calls: string[] = [];
  const world = {
    network: start,
    port: 47_321,
    heard: false,
    listen: async (address: string, port: number): Promise<Listening> => ok({ address, port }),
  };
  const presence = createPresence({
    state,
    sessions: {
      listen(address, port) {
        calls.push(`listen ${address}:${port}`);
        return world.listen(address, port);
      },
      stopListening: async () => void calls.push('stop'),
      setPeer: (peer) => void calls.push(peer === null ? 'peer none' : 'peer'),
      dialNow: () => void calls.push('dial'),
    },
    port: () => world.port,
    network: async () => world.network,
    ask: () => void calls.push('ask'),
    answered: () => void calls.push('answered'),
    sayBye: () => void calls.push('bye'),
    lookAway: () => void calls.push('look away'),
    isHeard: () => world.heard,
    again: () => void calls.push('again'),
    announce: () => undefined,
    changed: () => undefined,
  });
  const at = async (network: OwnNetwork | null): Promise<string[]> => {
    world.network = network;
    calls.length = 0;
    await presence.refresh();
    return [...calls];
  };
  return { state, calls, world, presence, at };
}
const pairing = { stage: 'listening' } as Pairing;

test('at home it listens and dials; again is no second listener', async () => {
  const { at, state } = bench();
  expect(await at(home)).toEqual(['listen 192.0.2.7:47321', 'dial', 'peer']);
  expect(await at(home)).toEqual(['peer']);
  expect(state).toMatchObject({ home: 'home', listening: { address: '192.0.2.7', port: 47_321 } });
});

test('another network: good-bye, silence, and one question; back home it is withdrawn', async () => {
  const { at, state } = bench();
  await at(home);
  expect(await at(elsewhere)).toEqual(['bye', 'stop', 'peer none', 'look away', 'ask']);
  expect(state.listening).toBeNull();
  expect(await at(elsewhere)).toEqual(['peer none']);
  expect(await at(null)).toEqual(['peer none']);
  expect(await at(elsewhere)).toEqual(['peer none']);
  expect(await at(home)).toContain('answered');
});

test('a second foreign network is asked of anew: a yes is for what a person read', async () => {
  const { at } = bench();
  await at(elsewhere);
  expect(await at({ ...elsewhere, gatewayMac: '02:00:00:00:00:77' })).toContain('ask');
});

test('link 12: without a network no good-bye is said: this Mac has to judge its own fault', async () => {
  const { at, state } = bench();
  await at(home);
  expect(await at(null)).toEqual(['stop', 'peer none']);
  expect(state.home).toBe('none');
});

test('refused is refused: it neither listens nor asks', async () => {
  const { at, state } = bench();
  state.paired = pairedPeer({ refusedRouters: ['02:00:00:00:00:99'] });
  expect(await at(elsewhere)).toEqual(['peer none']);
  expect(state.home).toBe('refused');
});

test('unpaired elsewhere: the question has lost its sense', async () => {
  const { at, state } = bench();
  await at(elsewhere);
  state.paired = null;
  expect(await at(elsewhere)).toContain('answered');
});

test('a port that is taken is a problem until it is free, and it dials all the same', async () => {
  const { at, world, state } = bench();
  world.listen = async (address, port) => fail('linkPortTaken', { address, port });
  expect(await at(home)).toEqual(['listen 192.0.2.7:47321', 'peer']);
  expect(state).toMatchObject({ listening: null, listenProblem: { code: 'linkPortTaken' } });
  world.listen = async (address, port) => ok({ address, port });
  await at(home);
  expect(state).toMatchObject({ listening: { port: 47_321 }, listenProblem: null });
});

test('a port that was taken at home is no problem elsewhere; a role that is equal still is', async () => {
  const { at, world, state } = bench();
  world.listen = async (address, port) => fail('linkPortTaken', { address, port });
  await at(home);
  await at(elsewhere);
  expect(state.listenProblem).toBeNull();
  state.peerProblem = { code: 'rolesEqual', params: { role: 'core' } };
  await at(elsewhere);
  expect(state.peerProblem?.code).toBe('rolesEqual');
});

test('another port or address is listened at anew', async () => {
  const { at, world } = bench();
  await at(home);
  world.port = 50_000;
  expect(await at(home)).toContain('listen 192.0.2.7:50000');
  expect(await at({ ...home, address: '192.0.2.9' })).toContain('listen 192.0.2.9:50000');
});

test('while a person pairs it listens anywhere, and falls silent afterwards', async () => {
  const { at, presence, state, world } = bench();
  world.network = elsewhere;
  expect(await presence.ensureListening()).toEqual(ok({ address: '192.0.2.7', port: 47_321 }));
  state.pairing = pairing;
  expect(await at(elsewhere)).not.toContain('stop');
  state.pairing = { ...pairing, stage: 'failed' };
  expect(await at(elsewhere)).toContain('stop');
});

test('no network at all: pairing says so', async () => {
  const { presence, state } = bench(null);
  expect(await presence.ensureListening()).toMatchObject({ ok: false, error: { code: 'noNetwork' } });
  expect(state.listenProblem?.code).toBe('noNetwork');
});

test('two at once are done one after the other, and what failed hinders none', async () => {
  const { calls, presence, world } = bench();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  world.listen = async () => {
    world.listen = async (address, port) => ok({ address, port });
    await gate;
    throw new Error('the system is out of order');
  };
  const first = presence.refresh();
  const second = presence.refresh();
  await Promise.resolve();
  open();
  await expect(first).rejects.toThrow('out of order');
  await second;
  expect(calls).toEqual(['listen 192.0.2.7:47321', 'listen 192.0.2.7:47321', 'dial', 'peer']);
});

test('after dispose nothing is opened or dialled, also by what was under way', async () => {
  const { calls, presence } = bench();
  const running = presence.refresh();
  await presence.dispose();
  await running;
  await presence.refresh();
  expect(await presence.ensureListening()).toMatchObject({ ok: false });
  expect(calls).toEqual([]);
});

test('one forged ARP reply ends no link that stands with the paired Mac itself', async () => {
  const { at, world, state } = bench();
  await at(home);
  world.heard = true;
  const forged = { ...home, gatewayMac: '02:00:00:00:00:66' };
  expect(await at(forged)).toEqual(['peer']);
  expect(state.home).toBe('home');
  world.heard = false;
  expect(await at(forged)).toContain('ask');
});

test('another address behind another router is another network, whoever is heard', async () => {
  const { at, world } = bench();
  await at(home);
  world.heard = true;
  expect(
    await at(elsewhere.address === home.address ? { ...elsewhere, address: '198.51.100.9' } : elsewhere),
  ).toContain('bye');
});

test('a router whose MAC is not read yet is undecided: looked at again, no question, no good-bye', async () => {
  const { at, state } = bench();
  const unread = { ...home, gatewayMac: null };
  expect(await at(unread)).toEqual(['again', 'peer none']);
  expect(await at(home)).toContain('peer');
  for (let time = 0; time < 5; time += 1) expect(await at(unread)).toEqual(['again', 'peer']);
  expect(state.home).toBe('home');
  expect(await at(unread)).toContain('ask');
});
