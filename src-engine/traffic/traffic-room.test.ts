import { expect, test } from 'vitest';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { openTraffic } from './traffic-room.ts';

/** Timers move only when told; what is asked of the (missing) workload fails in real time, which nothing here waits for. */
async function bench(role: 'core' | 'edge' | 'single') {
  const time = fakeTime();
  const all = trafficBench(role, time);
  const room = await openTraffic(all.ports);
  const published: (Traffic | null)[] = [];
  room.subscribe((traffic) => published.push(traffic));
  return { ...all, time, room, published };
}
const caller = { send: () => undefined, onClose: () => undefined };
const readings = (asked: readonly string[]) => asked.filter((act) => act.endsWith('counters')).length;

/** Real I/O of a probe that fails at once may take a few turns of the loop. */
async function seconds(time: ReturnType<typeof fakeTime>, count: number): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    await time.advance(1000);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test('a single Mac has neither front nor gate', async () => {
  const { room, fronts } = await bench('single');
  expect(room.view()).toBeNull();
  expect(fronts.process).toBeNull();
  expect(await room.handlers['traffic.get']({}, caller)).toEqual({ ok: true, value: { traffic: null } });
  expect(await room.gate.state()).toMatchObject({ error: { code: 'gateDown' } });
});

test('idle it looks every 5 s, each second while somebody looks or requests flow', async () => {
  const { room, fronts, time } = await bench('core');
  await seconds(time, 10);
  expect(readings(fronts.asked)).toBeLessThanOrEqual(3);
  room.setLive(true);
  fronts.asked.length = 0;
  await seconds(time, 10);
  expect(readings(fronts.asked)).toBeGreaterThanOrEqual(8);
  room.setLive(false);
  fronts.serve(50);
  await seconds(time, 6);
  fronts.asked.length = 0;
  for (let second = 0; second < 10; second += 1) {
    fronts.serve(50);
    await seconds(time, 1);
  }
  expect(readings(fronts.asked)).toBeGreaterThanOrEqual(8);
  expect(room.view()).toMatchObject({ seen: { core: 100, edge: 0 }, requestsPerSecond: 50 });
});

test('weights are published when they change, not with the next look', async () => {
  const { room, published, gateAddress } = await bench('core');
  await room.switch.useGate(gateAddress);
  published.length = 0;
  await room.switch.set({ core: 20, edge: 80 }, { core: 100, edge: 0 });
  expect(published.at(-1)?.weights).toEqual({ core: 20, edge: 80 });
});

test("an edge shows the core's last word with its own gate, and how old it is", async () => {
  const core = await bench('core');
  const word = core.room.view();
  const { room, time, published } = await bench('edge');
  expect(room.view()).toBeNull();
  room.setEdgeView(word);
  expect(published.at(-1)).toMatchObject({ front: 'haproxy', gate: { ready: true } });
  await room.gate.setReady(false, 'leaving');
  expect(published.at(-1)?.gate).toMatchObject({ ready: false, notReady: 'leaving' });
  await seconds(time, 25);
  expect(published.at(-1)?.stale).toBe(true);
});

test('a Mac that becomes the edge ends its front and opens its gate; its departure leaves both running', async () => {
  const { room, world, fronts, gate } = await bench('core');
  expect(fronts.process).not.toBeNull();
  world.role = 'edge';
  room.roleChanged();
  await expect.poll(() => gate.running).not.toBeNull();
  await expect.poll(() => fronts.process).toBeNull();
  await room.dispose('keep');
  expect(gate.running).not.toBeNull();
  expect(gate.asked.at(-1)).toBe('dispose keep');
});

test('a front that could not begin is tried again by itself; no timer outlives the room', async () => {
  const time = fakeTime();
  const all = trafficBench('core', time);
  all.fronts.fails.set('open', { code: 'frontPortTaken', params: { port: 47_380 } });
  const room = await openTraffic(all.ports);
  expect(room.view()).toMatchObject({ state: 'down', problem: { code: 'frontPortTaken' } });
  all.fronts.fails.clear();
  await seconds(time, 3);
  await expect.poll(() => room.view()?.state).toBe('up');
  await room.dispose('keep');
  await seconds(time, 1);
  expect(time.pending()).toBe(0);
});

test('a front that could not begin does not wait for a gate that still holds something', async () => {
  const { room, world, fronts, gate, time } = await bench('edge');
  gate.state = { ...gate.state, inFlight: 1 };
  fronts.fails.set('open', { code: 'frontPortTaken', params: { port: 47_380 } });
  world.role = 'core';
  room.roleChanged();
  await expect.poll(() => room.view()?.problem?.code).toBe('frontPortTaken');
  fronts.fails.clear();
  await seconds(time, 5);
  await expect.poll(() => room.view()?.state).toBe('up');
  expect(gate.running).not.toBeNull();
  const ended = room.dispose('keep');
  await seconds(time, 2);
  await ended;
});

test('a front that takes long to begin is not asked again and again meanwhile', async () => {
  const time = fakeTime();
  const all = trafficBench('core', time);
  let opened = 0;
  const makeFront: typeof all.ports.makeFront = (kind) => ({
    ...all.fronts.make(kind),
    open: () => {
      opened += 1;
      return new Promise(() => undefined);
    },
  });
  const opening = openTraffic({ ...all.ports, makeFront });
  await expect.poll(() => opened).toBe(1);
  // The engine does not wait for it.
  await seconds(time, 3);
  const room = await opening;
  await seconds(time, 20);
  expect(opened).toBe(1);
  expect(room.view()).toMatchObject({ state: 'starting', weights: { core: 100, edge: 0 } });
});

test('what breaks off ends nothing: it is tried again', async () => {
  const time = fakeTime();
  const all = trafficBench('core', time);
  const state = { isBroken: true };
  const { pair } = all.ports;
  const makeFront: typeof all.ports.makeFront = (kind) => ({
    ...all.fronts.make(kind),
    counters: () => Promise.reject(new Error('broken')),
  });
  const room = await openTraffic({
    ...all.ports,
    makeFront,
    pair: () => (state.isBroken ? Promise.reject(new Error('ENOSPC')) : pair()),
  });
  expect(all.fronts.process).toBeNull();
  room.settingsChanged();
  await seconds(time, 3);
  state.isBroken = false;
  await seconds(time, 3);
  await expect.poll(() => room.view()?.state).toBe('up');
  // Looking breaks off each time, and is looked again.
  room.setLive(true);
  await seconds(time, 3);
  await room.dispose('keep');
});
