import { expect, test } from 'vitest';
import type { Side } from '../../src-shared/world/traffic.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import type { ProbeTarget } from './probe-client.ts';
import { sideProbes } from './side-probes.ts';

function bench(answers: Partial<Record<Side, () => number | null>>) {
  const time = fakeTime();
  const asked: string[] = [];
  let open = 0;
  const target = (side: Side): ProbeTarget | null =>
    answers[side] === undefined ? null : { host: side, port: 1, path: '/', tls: null, marked: true };
  const probes = sideProbes({
    scheduler: time.scheduler,
    target,
    client: () => {
      open += 1;
      return {
        async get({ host }) {
          asked.push(host);
          return { status: answers[host as Side]?.() ?? null, backend: null, text: '', elapsedMs: 3 };
        },
        dispose: () => void (open -= 1),
      };
    },
  });
  return { time, asked, probes, open: () => open };
}

test('a single probe is one question', async () => {
  const { time, asked, probes } = bench({ edge: () => 200 });
  const one = probes.probe('edge', 1);
  await time.advance(1);
  expect(await one).toMatchObject({ sent: 1, ok: 1 });
  expect(asked).toEqual(['edge']);
});

test('asked for at once, both sides are probed in pairs', async () => {
  const { time, asked, probes, open } = bench({ core: () => 200, edge: () => 200 });
  const both = Promise.all([probes.probe('core', 3), probes.probe('edge', 3)]);
  await time.advance(1);
  expect(await both).toMatchObject([
    { sent: 3, ok: 3 },
    { sent: 3, ok: 3 },
  ]);
  // The first of each opens its connection and is not measured.
  expect(asked).toEqual(['core', 'edge', 'core', 'edge', 'edge', 'core', 'core', 'edge']);
  expect(open()).toBe(0);
});

test('a dead edge does not hold the core up: three failures are enough', async () => {
  const { time, asked, probes } = bench({ core: () => 200, edge: () => null });
  const both = Promise.all([probes.probe('core', 20), probes.probe('edge', 20)]);
  for (let turn = 0; turn < 10; turn += 1) await time.advance(1);
  expect(await both).toMatchObject([
    { sent: 20, ok: 20 },
    { sent: 3, ok: 0, p95Ms: null },
  ]);
  expect(asked.filter((side) => side === 'edge')).toHaveLength(1 + 3);
});

test('a side that nobody knows is asked nothing', async () => {
  const { time, probes } = bench({ core: () => 200 });
  const edge = probes.probe('edge', 5);
  await time.advance(1);
  expect(await edge).toEqual({ sent: 0, ok: 0, wrong: 0, p50Ms: null, p95Ms: null });
});

test('a client that breaks off costs the rest of a run: who waits is told, and nothing stays open', async () => {
  let left = 3;
  const { time, probes, open } = bench({
    core: () => {
      left -= 1;
      if (left < 0) throw new Error('broken');
      return 200;
    },
  });
  const core = probes.probe('core', 5);
  await time.advance(1);
  expect(await core).toMatchObject({ sent: 2, ok: 2 });
  expect(open()).toBe(0);
});
