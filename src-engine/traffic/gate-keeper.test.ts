import { expect, test } from 'vitest';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { createGateKeeper } from './gate-keeper.ts';

function bench() {
  const all = trafficBench('edge');
  let changes = 0;
  return { ...all, keeper: createGateKeeper(all.ports, () => void (changes += 1)), changes: () => changes };
}

test('an edge opens its gate where the link listens, with the own key and the pin of the core', async () => {
  const { keeper, gate, keys } = bench();
  expect(await keeper.control.state()).toMatchObject({ error: { code: 'gateDown' } });
  await keeper.settle();
  expect(gate.running).toMatchObject({
    listen: { host: '192.0.2.8', port: 47_381 },
    tls: { peerPin: keys.core.pin },
  });
  expect(keeper.view()).toEqual({ listen: '192.0.2.8:47381', ready: true, notReady: null, inFlight: 0 });
  expect(await keeper.control.address()).toEqual({
    ok: true,
    value: { address: '192.0.2.8', port: 47_381, certificatePem: keys.edge.certificatePem },
  });
});

test('the core may be told of the gate before its process stands; of one that has no place, not', async () => {
  const { keeper, gate, world } = bench();
  expect(await keeper.control.address()).toMatchObject({ value: { address: '192.0.2.8', port: 47_381 } });
  expect(gate.running).toBeNull();
  world.linkHost = null;
  expect(await keeper.control.address()).toMatchObject({ error: { code: 'gateDown' } });
  world.linkHost = '192.0.2.8';
  await keeper.settle();
  world.linkHost = null;
  expect(await keeper.control.address()).toMatchObject({ value: { address: '192.0.2.8' } });
  world.role = 'core';
  expect(await keeper.control.address()).toMatchObject({ error: { code: 'gateDown' } });
});

test('the link moves: the gate with it; it is silent for a while: the gate stays', async () => {
  const { keeper, gate, world } = bench();
  await keeper.settle();
  world.linkHost = null;
  await keeper.settle();
  expect(gate.running).toMatchObject({ listen: { host: '192.0.2.8' } });
  world.linkHost = '192.0.2.9';
  await keeper.settle();
  await keeper.settle();
  expect(gate.asked).toEqual(['open 192.0.2.8', 'open 192.0.2.9']);
});

test('without a pairing there is none, and who was paired before finds none any more', async () => {
  const { keeper, gate, world, notes } = bench();
  const { peerPin } = world;
  world.peerPin = null;
  await keeper.settle();
  await keeper.settle();
  expect(await keeper.control.address()).toMatchObject({ error: { code: 'notPaired' } });
  expect(keeper.view()).toBeNull();
  expect(gate.asked).not.toContain('open 192.0.2.8');
  expect(notes).toHaveLength(1);
  world.peerPin = peerPin;
  await keeper.settle();
  expect(gate.running).not.toBeNull();
  world.peerPin = null;
  await keeper.settle();
  expect(gate.running).toBeNull();
});

test('a port that is taken is said once; what it said before holds no longer', async () => {
  const { keeper, gate, notes } = bench();
  gate.problem = { code: 'gatePortTaken', params: { port: 47_381 } };
  await keeper.settle();
  await keeper.settle();
  expect(await keeper.control.setReady(true, null)).toMatchObject({ error: { code: 'gatePortTaken' } });
  expect(notes).toHaveLength(1);
  gate.problem = null;
  await keeper.settle();
  expect(keeper.isUnsettled()).toBe(false);
});

test('what the leaver does is seen at once; a gate that does not answer is not ready', async () => {
  const { keeper, gate, changes } = bench();
  await keeper.settle();
  const before = changes();
  await keeper.control.setReady(false, 'leaving');
  expect(keeper.view()).toMatchObject({ ready: false, notReady: 'leaving' });
  expect(changes()).toBe(before + 1);
  await keeper.look();
  expect(changes()).toBe(before + 1);
  const { running } = gate;
  gate.running = null;
  await keeper.look();
  expect(keeper.view()).toMatchObject({ ready: false, notReady: 'starting' });
  gate.running = running;
});

test('not an edge: a gate that an engine of before left is ended, once', async () => {
  const { keeper, gate, world } = bench();
  world.role = 'single';
  await keeper.settle();
  await keeper.settle();
  expect(gate.asked).toEqual(['dispose stop']);
  expect(keeper.view()).toBeNull();
});
