import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { createFrontKeeper } from './front-keeper.ts';

/** An engine opened a front, gave it a gate and 80 %, and is gone; the front goes on. */
async function left(kind: 'haproxy' | 'embedded' = 'haproxy') {
  const all = trafficBench();
  if (kind === 'embedded') all.world.haproxy = fail('frontNotFound', { needed: '2.6' });
  const keeperOf = () => createFrontKeeper(all.ports, () => undefined);
  const first = keeperOf();
  await first.settle();
  await first.useGate(all.known);
  await all.fronts.make(kind).set(shares(80));
  await first.noteWeights(shares(80));
  await first.dispose('keep');
  all.fronts.asked.length = 0;
  return { ...all, next: keeperOf(), pid: all.fronts.process?.pid };
}
const shares = (edge: number) => ({ core: 100 - edge, edge });
const found = ok({ path: '/usr/sbin/haproxy', version: '2.6.12' });
const missing = fail('frontNotFound', { needed: '2.6' });

test.each([
  ['embedded', found],
  ['haproxy', missing],
] as const)('by itself (%s) the kind that serves stays, whatever is found now', async (kind, haproxy) => {
  const { next, fronts, world, pid } = await left(kind);
  world.haproxy = haproxy;
  await next.settle();
  expect(fronts.process).toMatchObject({ kind, pid, shares: shares(80) });
  expect(next.slice()).toMatchObject({ front: kind, state: 'up', problem: null, weights: shares(80) });
  expect(fronts.asked.filter((act) => /dispose|reconfigure/.test(act))).toEqual([]);
});

test('all that is remembered of it is lost: it is had all the same, and the edge gets nothing until its gate is known', async () => {
  const { next, fronts, world, pid, ports, known } = await left('embedded');
  world.haproxy = found;
  rmSync(ports.runFolder, { recursive: true });
  await next.settle();
  expect(fronts.process).toMatchObject({ kind: 'embedded', pid, shares: shares(0), config: { edge: null } });
  expect(next.slice()).toMatchObject({ front: 'embedded', state: 'up', problem: null });
  expect(await next.useGate(known)).toMatchObject({ ok: true });
});

test('what a person set is had, by an exchange that begins with the weights of before', async () => {
  const { next, fronts, world, notes } = await left('haproxy');
  world.settings = { ...world.settings, front: 'embedded' };
  await next.settle();
  expect(fronts.process).toMatchObject({ kind: 'embedded', shares: shares(80) });
  expect(next.slice()).toMatchObject({ front: 'embedded', why: 'setting', state: 'up' });
  expect(notes.at(-1)).toMatchObject({ evidence: { from: 'haproxy', to: 'embedded', problem: null } });
});

test.each([
  ['an address that is none', 'haproxy', { upstream: 'nowhere' }, 'backendInvalid'],
  ['a front that is not there', 'embedded', { front: 'haproxy' }, 'frontNotFound'],
] as const)('%s: what serves is had as it is, with that problem', async (_name, kind, change, code) => {
  const { next, fronts, world, pid } = await left(kind);
  world.settings = { ...world.settings, ...change };
  await next.settle();
  expect(next.slice()).toMatchObject({ state: 'up', problem: { code }, weights: shares(80) });
  expect(await next.front()?.set(shares(0))).toEqual(ok(shares(0)));
  expect(fronts.process).toMatchObject({ pid, shares: shares(0) });
});

test('a change that the front does not take: it stays, and takes it when it can', async () => {
  const { next, fronts, world, notes, pid } = await left();
  world.settings = { ...world.settings, upstream: '127.0.0.1:4242' };
  fronts.fails.set('reconfigure', { code: 'frontRefused', params: { line: 'x' } });
  await next.settle();
  await next.settle();
  expect(next.slice()).toMatchObject({ state: 'up', problem: { code: 'frontRefused' } });
  expect(next.isUnsettled()).toBe(true);
  expect(notes.filter(({ what }) => what.includes('frontRefused'))).toHaveLength(1);
  fronts.fails.clear();
  await next.settle();
  expect(next.slice()).toMatchObject({ state: 'up', problem: null });
  expect(fronts.process).toMatchObject({ pid, config: { core: { port: 4242 } } });
  expect(next.isUnsettled()).toBe(false);
});

test('one that lives and cannot be opened as it was is controlled all the same', async () => {
  const { next, fronts, pid } = await left();
  for (const act of ['open', 'reconfigure'])
    fronts.fails.set(act, { code: 'frontRefused', params: { line: 'x' } });
  await next.settle();
  expect(next.slice()).toMatchObject({ state: 'up', problem: { code: 'frontRefused' } });
  expect(await next.front()?.set(shares(0))).toEqual(ok(shares(0)));
  fronts.fails.clear();
  await next.settle();
  expect(next.slice()).toMatchObject({ state: 'up', problem: null });
  expect(fronts.process?.pid).toBe(pid);
});

test('an opening that throws is a problem with a name', async () => {
  const { ports, fronts } = trafficBench();
  const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
  const makeFront: typeof ports.makeFront = (kind) => ({
    ...fronts.make(kind),
    open: () => Promise.reject(full),
  });
  const keeper = createFrontKeeper({ ...ports, makeFront }, () => undefined);
  await keeper.settle();
  expect(keeper.slice()).toMatchObject({ state: 'down', problem: { code: 'diskFull' } });
  expect(keeper.isUnsettled()).toBe(true);
});

test('what was read before something was written is no news', async () => {
  const { next } = await left();
  await next.settle();
  const version = next.version();
  await next.noteWeights(shares(0));
  await next.noteSeen(shares(80), version);
  expect(next.weights()).toEqual(shares(0));
  await next.noteSeen(shares(10), next.version());
  expect(next.weights()).toEqual(shares(10));
});
