import { expect, test } from 'vitest';
import { fail } from '../../src-shared/errors/result.ts';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { createFrontKeeper } from './front-keeper.ts';
import { recall } from './front-memory.ts';

function bench() {
  const all = trafficBench();
  let changes = 0;
  const keeperOf = () => createFrontKeeper(all.ports, () => void (changes += 1));
  return { ...all, keeperOf, keeper: keeperOf(), changes: () => changes };
}
const acts = (asked: readonly string[]) => asked.filter((act) => !/ (read|counters)$/.test(act));
const shares = (edge: number) => ({ core: 100 - edge, edge });

test('a core opens the front that is found, everything on the core until a gate is known', async () => {
  const { keeper, fronts, notes } = bench();
  expect(keeper.slice()).toMatchObject({ state: 'starting' });
  await keeper.settle();
  expect(fronts.process).toMatchObject({ kind: 'haproxy', shares: shares(0), config: { edge: null } });
  expect(keeper.slice()).toEqual({
    front: 'haproxy',
    why: 'haproxyFound',
    state: 'up',
    problem: null,
    listen: '127.0.0.1:47380',
    weights: shares(0),
  });
  expect(notes).toMatchObject([{ kind: 'traffic.front' }]);
  await keeper.settle();
  expect(acts(fronts.asked)).toEqual(['haproxy open']);
});

test('a gate is taken over without a new front; the next engine adopts front, gate and weights', async () => {
  const { keeper, keeperOf, fronts, known } = bench();
  await keeper.settle();
  expect(await keeper.useGate(known)).toMatchObject({ ok: true });
  expect(fronts.process?.config.edge).toMatchObject({ host: '192.0.2.8', tls: { peerPin: known.pin } });
  await fronts.make('haproxy').set(shares(80));
  await keeper.noteWeights(shares(80));
  await keeper.dispose('keep');
  const next = keeperOf();
  fronts.asked.length = 0;
  await next.settle();
  expect(next.slice()).toMatchObject({ state: 'up', weights: shares(80) });
  expect(next.gate()).toEqual(known);
  expect(acts(fronts.asked)).toEqual(['haproxy open']);
});

test('a front that has to be started again begins with the weights and the gate of before', async () => {
  const { keeper, keeperOf, fronts, known } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  await keeper.noteWeights(shares(80));
  await keeper.dispose('keep');
  fronts.process = null;
  await keeperOf().settle();
  expect(fronts.process).toMatchObject({ shares: shares(80), config: { edge: { host: '192.0.2.8' } } });
});

test('what somebody else raised is shown, and not begun with', async () => {
  const { keeper, ports, known } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  await keeper.noteWeights(shares(10));
  await keeper.noteSeen(shares(80), keeper.version());
  expect(keeper.slice()?.weights).toEqual(shares(80));
  expect((await recall(ports.runFolder)).shares).toEqual(shares(10));
  await keeper.noteSeen(shares(0), keeper.version());
  expect((await recall(ports.runFolder)).shares).toEqual(shares(0));
});

test('what somebody else raised is not written by us when the gate moves', async () => {
  const { keeper, fronts, known } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  await fronts.make('haproxy').set(shares(10));
  await keeper.noteWeights(shares(10));
  await fronts.make('haproxy').set(shares(80));
  await keeper.noteSeen(shares(80), keeper.version());
  await keeper.useGate({ ...known, port: known.port + 1 });
  expect(fronts.process?.shares).toEqual(shares(10));
  expect(keeper.slice()?.weights).toEqual(shares(10));
});

test('a pairing that cannot be read is no end of it: the edge keeps its share, and it is read again', async () => {
  const { keeper, fronts, known, ports } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  await fronts.make('haproxy').set(shares(80));
  await keeper.noteWeights(shares(80));
  const read = ports.pair;
  Object.assign(ports, {
    pair: async () => fail('identityUnreadable', { path: 'peer.json', detail: 'EIO' }),
  });
  await keeper.settle();
  expect(fronts.process).toMatchObject({ shares: shares(80), config: { edge: { host: '192.0.2.8' } } });
  expect([keeper.isUnsettled(), keeper.slice()?.problem?.code]).toEqual([true, 'identityUnreadable']);
  Object.assign(ports, { pair: read });
  await keeper.settle();
  expect([keeper.isUnsettled(), keeper.slice()?.problem]).toEqual([false, null]);
});

test('another Mac was paired, or none: nothing goes to the gate of before', async () => {
  const { keeper, fronts, world, known } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  await keeper.noteWeights(shares(80));
  world.peerPin = 'cd'.repeat(32);
  await keeper.settle();
  expect(fronts.process).toMatchObject({ shares: shares(0), config: { edge: null } });
  expect(keeper.weights()).toEqual(shares(0));
});

test('another kind is opened with the weights of now, and history says for how long nothing answered', async () => {
  const { keeper, fronts, world, notes, known } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  await fronts.make('haproxy').set(shares(40));
  await keeper.noteWeights(shares(40));
  world.settings = { ...world.settings, front: 'embedded' };
  await keeper.settle();
  expect(fronts.process).toMatchObject({ kind: 'embedded', shares: shares(40) });
  expect(keeper.slice()).toMatchObject({ front: 'embedded', why: 'setting', state: 'up' });
  expect(notes.at(-1)).toMatchObject({ evidence: { from: 'haproxy', to: 'embedded', problem: null } });
});

test('a kind that cannot be opened: the old one again, and no further try by itself', async () => {
  const { keeper, fronts, world } = bench();
  await keeper.settle();
  fronts.fails.set('open embedded', { code: 'frontPortTaken', params: { port: 47_380 } });
  world.settings = { ...world.settings, front: 'embedded' };
  await keeper.settle();
  expect(fronts.process?.kind).toBe('haproxy');
  expect(keeper.slice()).toMatchObject({
    front: 'haproxy',
    state: 'up',
    problem: { code: 'frontPortTaken' },
  });
  const { length } = fronts.asked;
  await keeper.settle();
  expect(fronts.asked).toHaveLength(length);
  expect(keeper.isUnsettled()).toBe(false);
});

test('while a departure runs neither kind nor port change; a gate that moves does', async () => {
  const { keeper, fronts, world, known } = bench();
  await keeper.settle();
  world.busy = true;
  world.settings = { ...world.settings, front: 'embedded', listen: '127.0.0.1:9999' };
  await keeper.useGate(known);
  expect(fronts.process).toMatchObject({
    kind: 'haproxy',
    config: { listen: { port: 47_380 }, edge: { host: '192.0.2.8' } },
  });
  expect(keeper.isUnsettled()).toBe(true);
  world.busy = false;
  await keeper.settle();
  expect(fronts.process).toMatchObject({ kind: 'embedded', config: { listen: { port: 9999 } } });
  expect(keeper.isUnsettled()).toBe(false);
});

test('a port that is taken is said once, and tried again', async () => {
  const { keeper, fronts, notes } = bench();
  fronts.fails.set('open', { code: 'frontPortTaken', params: { port: 47_380 } });
  await keeper.settle();
  await keeper.settle();
  expect(keeper.slice()).toMatchObject({ state: 'down', problem: { code: 'frontPortTaken' } });
  expect(keeper.isUnsettled()).toBe(true);
  expect(notes).toHaveLength(1);
  fronts.fails.clear();
  await keeper.settle();
  expect(keeper.slice()).toMatchObject({ state: 'up', problem: null });
});

test.each([
  ['haproxy', fail('frontTooOld', { version: '2.4', needed: '2.6' }), 'frontTooOld'],
  ['haproxy', fail('frontNotFound', { needed: '2.6' }), 'frontNotFound'],
] as const)('%s that is set and cannot be: %s', async (front, haproxy, code) => {
  const { keeper, world, fronts } = bench();
  world.settings = { ...world.settings, front };
  world.haproxy = haproxy;
  await keeper.settle();
  expect(keeper.slice()).toMatchObject({ front, state: 'down', problem: { code } });
  expect(fronts.process).toBeNull();
});

test('an address that is none: the front that runs stays as it is, and says why', async () => {
  const { keeper, world, fronts } = bench();
  await keeper.settle();
  world.settings = { ...world.settings, upstream: 'nowhere' };
  await keeper.settle();
  expect(keeper.slice()).toMatchObject({ state: 'up', problem: { code: 'backendInvalid' } });
  expect(fronts.process).not.toBeNull();
});

test('the front says that it is down, and up again', async () => {
  const { keeper, fronts, notes, changes } = bench();
  await keeper.settle();
  const before = changes();
  fronts.say({ up: false, problem: { code: 'frontDown', params: { listen: 'x' } } });
  expect(keeper.slice()).toMatchObject({ state: 'down', problem: { code: 'frontDown' } });
  fronts.say({ up: true, problem: null });
  expect(keeper.slice()).toMatchObject({ state: 'up', problem: null });
  expect(changes()).toBe(before + 2);
  expect(notes).toHaveLength(3);
});

test('not a core any more: the front is ended, also one that another engine left', async () => {
  const { keeper, keeperOf, fronts, world, ports } = bench();
  await keeper.settle();
  await keeper.dispose('keep');
  world.role = 'single';
  const next = keeperOf();
  expect(next.slice()).toBeNull();
  await next.settle();
  expect(fronts.process).toBeNull();
  expect((await recall(ports.runFolder)).kind).toBeNull();
  const { length } = fronts.asked;
  await next.settle();
  expect(fronts.asked).toHaveLength(length);
});

test('a HAProxy that comes while another front serves waits for the setting', async () => {
  const { keeper, fronts, world, known } = bench();
  const found = world.haproxy;
  world.haproxy = fail('frontNotFound', { needed: '2.6' });
  await keeper.settle();
  world.haproxy = found;
  await keeper.useGate(known);
  expect(keeper.slice()).toMatchObject({ front: 'embedded', why: 'haproxyMissing' });
  world.settings = { ...world.settings, front: 'haproxy' };
  await keeper.settle();
  expect(fronts.process?.kind).toBe('haproxy');
});

test('the same gate again is no news', async () => {
  const { keeper, fronts, known } = bench();
  await keeper.settle();
  await keeper.useGate(known);
  const { length } = fronts.asked;
  expect(await keeper.useGate(known)).toMatchObject({ ok: true });
  expect(fronts.asked).toHaveLength(length);
});
