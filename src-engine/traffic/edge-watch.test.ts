import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { pause } from '../platform/clock.ts';
import type { NotReady } from './edge-verdict.ts';
import { createEdgeWatch, type ProbePace } from './edge-watch.ts';

/** A gate whose health is set from outside; dead it is silent until the probe's own limit of 300 ms. */
function bench() {
  const time = fakeTime();
  const gate: { answer: boolean | null; word: NotReady } = { answer: true, word: null };
  const begun: number[] = [];
  const paces: ProbePace[] = [];
  const watch = createEdgeWatch({
    clock: time.clock,
    scheduler: time.scheduler,
    async probe(pace) {
      paces.push(pace);
      begun.push(time.clock.monotonicMs());
      const { answer, word } = gate;
      await pause(time.scheduler, answer === false && word === null ? 300 : 5);
      return answer === null ? null : { ready: answer, notReady: answer ? null : word };
    },
  });
  const told: { alive: boolean; notReady: NotReady; atMs: number }[] = [];
  const listen = () =>
    watch.watch((alive, notReady) => told.push({ alive, notReady, atMs: time.clock.monotonicMs() }));
  return { time, gate, begun, paces, watch, told, listen };
}

test('the first verdict comes soon, then one probe a second', async () => {
  const { time, begun, told, listen } = bench();
  listen();
  await time.advance(400);
  expect(told).toMatchObject([{ alive: true }]);
  const before = begun.length;
  await time.advance(10_000);
  expect(begun.length - before).toBe(10);
  expect(told).toHaveLength(1);
});

test('calm, a dead gate is told of within 1 s and two probes; hurried within two probes', async () => {
  const calm = bench();
  calm.listen();
  await calm.time.advance(5000);
  calm.gate.answer = false;
  await calm.time.advance(3000);
  expect(calm.told.at(-1)).toMatchObject({ alive: false });
  expect(calm.told.at(-1)?.atMs).toBeLessThanOrEqual(5000 + 1000 + 600 + 5);

  const hurried = bench();
  hurried.listen();
  await hurried.time.advance(5000);
  hurried.gate.answer = false;
  hurried.watch.hurry(true);
  await hurried.time.advance(3000);
  expect(hurried.told.at(-1)).toMatchObject({ alive: false });
  // From suspect (1.25 s) to the decision (2.5 s) there are 1.25 s.
  expect(hurried.told.at(-1)?.atMs).toBeLessThanOrEqual(5000 + 300 + 600 + 5);
});

test('only silence is asked about over a connection of its own: a gate that says no has answered', async () => {
  const { time, gate, paces, listen } = bench();
  listen();
  await time.advance(3000);
  Object.assign(gate, { answer: false, word: 'stayOut' });
  await time.advance(5000);
  expect(new Set(paces)).toEqual(new Set(['calm']));
  gate.word = null;
  await time.advance(3000);
  expect(paces.at(-1)).toBe('doubted');
  Object.assign(gate, { answer: true });
  await time.advance(3000);
  expect(paces.at(-1)).toBe('calm');
});

test('it comes back after two good probes', async () => {
  const { time, gate, told, listen } = bench();
  gate.answer = false;
  listen();
  await time.advance(2000);
  gate.answer = true;
  await time.advance(3000);
  expect(told.map(({ alive }) => alive)).toEqual([false, true]);
});

test('a gate that is not ready says why; when that changes it is told again, and its silence after two probes', async () => {
  const { time, gate, told, listen } = bench();
  listen();
  await time.advance(2000);
  Object.assign(gate, { answer: false, word: 'leaving' });
  await time.advance(5000);
  expect(told.slice(1)).toMatchObject([{ alive: false, notReady: 'leaving' }]);
  gate.word = 'stayOut';
  await time.advance(2000);
  gate.word = null;
  const silentMs = time.clock.monotonicMs();
  await time.advance(5000);
  expect(told.slice(2)).toMatchObject([{ notReady: 'stayOut' }, { alive: false, notReady: null }]);
  // A calm second, and two probes of which the second is hurried.
  expect((told.at(-1)?.atMs ?? 0) - silentMs).toBeLessThanOrEqual(1000 + 300 + 300 + 5);
  gate.answer = true;
  await time.advance(3000);
  expect(told.slice(4)).toMatchObject([{ alive: true, notReady: null }]);
});

test('one probe that is lost while it drains is told to nobody; who comes later hears its word', async () => {
  const { time, gate, begun, told, listen } = bench();
  Object.assign(gate, { answer: false, word: 'leaving' });
  listen();
  await time.advance(2000);
  const { length } = begun;
  gate.word = null;
  while (begun.length === length) await time.advance(50);
  gate.word = 'leaving';
  await time.advance(5000);
  expect(told).toHaveLength(1);
  listen();
  await time.advance(0);
  expect(told.slice(1)).toMatchObject([{ alive: false, notReady: 'leaving' }]);
});

test('what cannot be asked is unknown, never dead', async () => {
  const { time, gate, told, begun, listen } = bench();
  gate.answer = null;
  listen();
  await time.advance(10_000);
  expect(told).toEqual([]);
  expect(begun.length).toBeLessThanOrEqual(11);
});

test('another gate is judged anew, whatever a probe of the old one still says', async () => {
  const { time, gate, told, watch, listen } = bench();
  gate.answer = false;
  listen();
  await time.advance(2050);
  expect(told).toMatchObject([{ alive: false }]);
  gate.answer = true;
  watch.forget();
  await time.advance(1000);
  expect(told.map(({ alive }) => alive)).toEqual([false, true]);
});

test('nobody watches: nothing is asked, no timer is left; who comes later hears what stands', async () => {
  const { time, begun, told, listen } = bench();
  const first = listen();
  await time.advance(2000);
  listen();
  await time.advance(0);
  expect(told).toHaveLength(2);
  first.dispose();
  await time.advance(2000);
  const { length } = begun;
  expect(length).toBeGreaterThan(3);
  const alone = bench();
  const only = alone.listen();
  await alone.time.advance(1500);
  only.dispose();
  await alone.time.advance(100);
  expect(alone.time.pending()).toBe(0);
});
