import { expect, test } from 'vitest';
import { ok } from '../../src-shared/errors/result.ts';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { createCoreSampler } from './core-sampler.ts';
import { createFrontKeeper } from './front-keeper.ts';
import { frontTally } from './front-tally.ts';
import { probeLimits, type ProbeClient, type ProbeTarget } from './probe-client.ts';
import type { FrontAdapter } from './ports.ts';

const shares = (edge: number) => ({ core: 100 - edge, edge });

const gateReady: ProbeTarget = { host: '192.0.2.8', port: 47_381, path: '/ready', tls: null, marked: true };

/** Says what it is asked for, and answers as a gate that stays out. */
const asker = (name: string, asked: string[]): ProbeClient => ({
  async get(_target, limits = probeLimits) {
    asked.push(`${name}, ${limits.connectMs} ms`);
    return { status: 503, backend: null, text: '{"requests":0,"notReady":"stayOut"}', elapsedMs: 2 };
  },
  dispose: () => undefined,
});

/** A core whose front reads its weights as the test says; nobody is probed but the gate. */
async function bench(change: Partial<FrontAdapter>) {
  const all = trafficBench();
  const state = { isOpen: false };
  const makeFront: typeof all.ports.makeFront = (kind) => {
    const front = all.fronts.make(kind);
    return { ...front, read: () => (state.isOpen ? (change.read ?? front.read)() : front.read()) };
  };
  const ports = { ...all.ports, makeFront };
  const keeper = createFrontKeeper(ports, () => undefined);
  await keeper.settle();
  state.isOpen = true;
  const asked: string[] = [];
  const sampler = createCoreSampler({
    ports,
    keeper,
    tally: frontTally(ports.runFolder),
    places: { side: () => null, gateReady: () => gateReady, front: () => null },
    client: asker('fresh', asked),
    keptClient: asker('kept', asked),
  });
  return { keeper, sampler, asked };
}

test('a reading that was begun before weights were written does not bring the old ones back', async () => {
  let answer: (value: ReturnType<typeof ok<{ core: number; edge: number }>>) => void = () => undefined;
  const { keeper, sampler } = await bench({ read: () => new Promise((resolve) => (answer = resolve)) });
  await keeper.noteWeights(shares(80));
  const sampling = sampler.sample();
  await keeper.noteWeights(shares(0));
  answer(ok(shares(80)));
  await sampling;
  expect(keeper.weights()).toEqual(shares(0));
});

test('after a reading that broke off there is another one', async () => {
  let times = 0;
  const { keeper, sampler } = await bench({
    read: async () => {
      times += 1;
      if (times === 1) throw new Error('broken');
      return ok(shares(30));
    },
  });
  await expect(sampler.sample()).rejects.toThrow('broken');
  await sampler.sample();
  expect(keeper.weights()).toEqual(shares(30));
});

test('the gate is asked over a kept connection while it answers, over its own when it was silent, and in haste', async () => {
  const { sampler, asked } = await bench({});
  for (const pace of ['calm', 'doubted', 'hurried'] as const)
    expect(await sampler.probeGate(pace)).toEqual({ ready: false, notReady: 'stayOut' });
  expect(asked).toEqual(['kept, 1000 ms', 'fresh, 1000 ms', 'fresh, 300 ms']);
});
