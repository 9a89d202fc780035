import { expect, test } from 'vitest';
import { bench, pod, refuse } from '../../test/doubles/emptying.ts';
import { openNodes } from './empty-cluster.ts';

test('closes what is open and asks the pods that something makes anew', async () => {
  const pods = [
    pod('web'),
    pod('agent', { owner: 'DaemonSet' }),
    pod('bare', { owner: null }),
    pod('cache', { emptyDir: true }),
  ];
  const { asked, living, run } = bench(pods);
  expect(await run()).toMatchObject({
    answered: true,
    cordoned: ['one'],
    evicted: ['shop/web'],
    left: [],
    staying: [
      { name: 'shop/bare', why: 'bare' },
      { name: 'shop/cache', why: 'localData' },
    ],
  });
  expect(asked).toEqual(['cordon one', 'evict web']);
  expect([...living.keys()]).toEqual(['agent', 'bare', 'cache']);
});

test('a node that somebody else has closed stays theirs, and its pods stay on it', async () => {
  const { asked, hands, cordons, run } = bench([pod('a'), pod('b', { node: 'two' })], {
    one: null,
    two: 'kubectl-cordon',
  });
  expect(await run()).toMatchObject({ cordoned: ['one'], evicted: ['shop/a'] });
  expect(await openNodes(hands)).toBe(true);
  expect(cordons).toEqual({ one: null, two: 'kubectl-cordon' });
  expect(asked).toEqual(['cordon one', 'evict a', 'uncordon one']);
});

test('a person who closes it in the same moment wins: it is read again', async () => {
  const { says, cordons, asked, run } = bench([pod('web')]);
  says.cordon = (node) => {
    cordons[node] = 'kubectl-cordon';
    return false;
  };
  expect(await run()).toMatchObject({ answered: true, cordoned: [], evicted: [] });
  expect(asked).toEqual(['cordon one']);
});

test('what a budget refuses is asked again until it is allowed', async () => {
  const { time, says, run } = bench([pod('web')]);
  says.evict = () => (time.clock.monotonicMs() < 3000 ? refuse : { type: 'accepted' });
  const emptied = await run({ deleteMs: 5000 });
  expect(emptied).toMatchObject({ evicted: ['shop/web'], deleted: [], left: [] });
  expect(emptied.elapsedMs).toBeGreaterThanOrEqual(3000);
  expect(time.pending()).toBe(0);
});

test('a budget that can never be met is named, and nothing is deleted where nothing may be', async () => {
  const { says, living, run } = bench([pod('web'), pod('db')]);
  says.evict = (name) => (name === 'web' ? refuse : { type: 'accepted' });
  const emptied = await run();
  expect(emptied).toMatchObject({
    evicted: ['shop/db'],
    deleted: [],
    left: [{ name: 'shop/web', budget: 'web' }],
  });
  expect(emptied.elapsedMs).toBeGreaterThanOrEqual(10_000);
  expect(emptied.elapsedMs).toBeLessThan(11_000);
  expect([...living.keys()]).toEqual(['web']);
});

test('after the time it is deleted, and what refuses for another reason as well', async () => {
  const { says, asked, run } = bench([pod('web'), pod('odd')]);
  says.evict = (name) => (name === 'web' ? refuse : { type: 'failed', why: 'HTTP 500' });
  const emptied = await run({ deleteMs: 5000 });
  expect(emptied.deleted).toEqual([
    { name: 'shop/web', budget: 'web' },
    { name: 'shop/odd', budget: null },
  ]);
  expect(emptied.left).toEqual([]);
  expect(asked.slice(-2)).toEqual(['delete web', 'delete odd']);
});

test('who is ending already is waited for, and never asked or deleted again', async () => {
  const ending = pod('web');
  const { asked, run } = bench([
    { ...ending, metadata: { ...ending.metadata, deletionTimestamp: new Date(0) } },
  ]);
  const emptied = await run({ deleteMs: 5000 });
  expect(emptied).toMatchObject({ evicted: [], deleted: [], left: [{ name: 'shop/web' }] });
  expect(emptied.elapsedMs).toBeGreaterThanOrEqual(15_000);
  expect(asked).toEqual(['cordon one']);
});

test('an API that says nothing: bounded, and told', async () => {
  const { says, asked, hands, run } = bench([pod('web')]);
  says.silent = true;
  const emptied = await run({ deleteMs: 5000 });
  expect(emptied).toMatchObject({
    answered: false,
    trouble: 'silent',
    cordoned: [],
    evicted: [],
    deleted: [],
  });
  expect(emptied.elapsedMs).toBeLessThan(11_000);
  expect(asked).toEqual([]);
  expect(await openNodes(hands)).toBe(false);
});

test('an API that goes away in the middle: what was done is told, and that the rest is not known', async () => {
  const { says, run } = bench([pod('a'), pod('b')]);
  says.evict = (name) => {
    if (name === 'b') says.silent = true;
    return name === 'a' ? { type: 'accepted' } : { type: 'failed', why: 'no answer' };
  };
  expect(await run()).toMatchObject({ answered: false, trouble: 'silent', evicted: ['shop/a'] });
});

test('an API that was away for a while: it goes on where it was', async () => {
  const { time, says, run } = bench([pod('a'), pod('b')]);
  says.evict = (name) => {
    says.silent = true;
    return name === 'a' ? { type: 'failed', why: 'no answer' } : { type: 'accepted' };
  };
  time.scheduler.after(4000, () => {
    says.silent = false;
    says.evict = () => ({ type: 'accepted' });
  });
  expect(await run()).toMatchObject({ answered: true, trouble: null, left: [] });
});

test('an eviction without an answer that was done all the same is one', async () => {
  const { living, says, run } = bench([pod('a'), pod('b')]);
  let asked = 0;
  says.evict = (name) => {
    asked += 1;
    if (name === 'a') living.delete(name);
    // The other one is asked again, and was not deleted before.
    return name === 'b' && asked > 2 ? { type: 'accepted' } : { type: 'failed', why: 'no answer' };
  };
  expect(await run({ deleteMs: 5000 })).toMatchObject({
    evicted: ['shop/a', 'shop/b'],
    deleted: [],
    left: [],
  });
});

test('an API that never answers an eviction: it is not waited for beyond the time', async () => {
  const { time, says, run } = bench([pod('web')]);
  says.evict = () => new Promise(() => undefined);
  const emptied = await run();
  expect(emptied).toMatchObject({ evicted: [], left: [{ name: 'shop/web' }] });
  expect(emptied.elapsedMs).toBeLessThan(11_000);
  expect(time.pending()).toBe(0);
});

test('of a budget few pods are asked at a time, the others meanwhile', async () => {
  const { says, run } = bench(Array.from({ length: 40 }, (_, at) => pod(`p${at}`)));
  says.budgets = [
    {
      metadata: { namespace: 'shop' },
      spec: { selector: { matchExpressions: [{ key: 'name', operator: 'Exists' }] } },
    },
  ];
  let underWay = 0;
  let most = 0;
  says.evict = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    underWay -= 1;
    return { type: 'accepted' };
  };
  expect(await run()).toMatchObject({ left: [] });
  expect(most).toBe(16);
});
