import { expect, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { createGateKeeper } from './gate-keeper.ts';

vi.setConfig({ testTimeout: 30_000 });

/** An edge whose gate serves, and that becomes a single Mac. */
async function bench(inFlight: number) {
  const time = fakeTime();
  const all = trafficBench('edge', time);
  const keeper = createGateKeeper(all.ports, () => undefined);
  await keeper.settle();
  all.gate.state = { ...all.gate.state, inFlight };
  all.world.role = 'single';
  const settling = keeper.settle();
  /** The real I/O of who is paired goes on while time stands. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      await new Promise((resolve) => setImmediate(resolve));
      await time.advance(250);
    }
  };
  return { ...all, keeper, settling, pass };
}

test('another role: the gate says that it leaves, and ends when nothing new came for 5 s and nothing is open', async () => {
  const { gate, settling, pass } = await bench(2);
  await pass(1000);
  expect(gate.state).toMatchObject({ ready: false, notReady: 'leaving' });
  // The front has not seen it yet.
  gate.state = { ...gate.state, requests: 3, inFlight: 0 };
  await pass(4000);
  expect(gate.running).not.toBeNull();
  await pass(2000);
  await settling;
  expect(gate.running).toBeNull();
  expect(gate.asked.filter((act) => act.startsWith('ready'))).toEqual(['ready false leaving']);
});

test('what does not end is waited for 45 s, and counted', async () => {
  const { gate, settling, pass, notes } = await bench(2);
  await pass(44_000);
  expect(gate.running).not.toBeNull();
  await pass(2000);
  await settling;
  expect(gate.running).toBeNull();
  expect(notes.at(-1)).toMatchObject({ kind: 'traffic.gate', evidence: { inFlight: 2 } });
});

test('an edge again, or an engine that ends: the gate stays', async () => {
  const again = await bench(2);
  await again.pass(1000);
  again.world.role = 'edge';
  await again.pass(1000);
  await again.settling;
  expect(again.gate.running).not.toBeNull();
  expect(again.gate.asked).not.toContain('dispose stop');

  const quits = await bench(2);
  await quits.pass(1000);
  const disposed = quits.keeper.dispose('keep');
  await quits.pass(1000);
  await disposed;
  expect(quits.gate.running).not.toBeNull();
  expect(quits.gate.asked.at(-1)).toBe('dispose keep');
});

test('unpaired, or out already: at once', async () => {
  const stranger = await bench(2);
  stranger.world.peerPin = null;
  await stranger.pass(500);
  await stranger.settling;
  expect(stranger.gate.running).toBeNull();

  const time = fakeTime();
  const all = trafficBench('edge', time);
  const keeper = createGateKeeper(all.ports, () => undefined);
  await keeper.settle();
  all.gate.state = { ...all.gate.state, ready: false, notReady: 'stayOut' };
  all.world.role = 'core';
  await keeper.settle();
  expect(all.gate.running).toBeNull();
});
