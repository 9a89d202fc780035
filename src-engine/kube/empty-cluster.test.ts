import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { pause } from '../platform/clock.ts';
import type { NodeFacts } from './cordon.ts';
import {
  emptyCluster,
  openNodes,
  type ClusterHands,
  type EmptyOptions,
  type Emptied,
} from './empty-cluster.ts';
import type { PodFacts } from './evictable.ts';
import type { EvictionAnswer } from './eviction-answer.ts';
import type { BudgetFacts } from './eviction-lanes.ts';

const cordonBy = (manager: string | null) => ({
  spec: { unschedulable: manager !== null },
  managedFields: [{ manager: manager ?? '', fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } }],
});
const pod = (
  name: string,
  change: { owner?: string | null; node?: string; emptyDir?: boolean } = {},
): PodFacts => ({
  metadata: {
    namespace: 'shop',
    name,
    uid: `uid-${name}`,
    labels: { name },
    ownerReferences: change.owner === null ? [] : [{ kind: change.owner ?? 'ReplicaSet', controller: true }],
  },
  spec: { nodeName: change.node ?? 'one', volumes: change.emptyDir === true ? [{ emptyDir: {} }] : [] },
  status: { phase: 'Running' },
});

interface Says {
  silent: boolean;
  /** For so long it takes to answer an eviction or a deletion. */
  slowMs: number;
  budgets: BudgetFacts[];
  evict(name: string): EvictionAnswer | Promise<EvictionAnswer>;
  cordon(node: string): boolean;
  remove(name: string): boolean;
}

/** A cluster that does what it is told; pods go when they were evicted or deleted. */
function bench(pods: PodFacts[], cordons: Record<string, string | null> = { one: null }) {
  const time = fakeTime();
  const living = new Map(pods.map((one) => [one.metadata?.name ?? '', one]));
  const asked: string[] = [];
  const says: Says = {
    silent: false,
    slowMs: 0,
    budgets: [],
    evict: () => ({ type: 'accepted' }),
    cordon: () => true,
    remove: () => true,
  };
  const nodes = (): NodeFacts[] =>
    Object.entries(cordons).map(([name, manager]) => {
      const { spec, managedFields } = cordonBy(manager);
      return { metadata: { name, managedFields }, spec };
    });
  const mark = async (verb: string, name: string, manager: string | null): Promise<boolean> => {
    asked.push(`${verb} ${name}`);
    if (!says.cordon(name)) return false;
    cordons[name] = manager;
    return true;
  };
  const hands: ClusterHands = {
    trouble: () => (says.silent ? 'silent' : null),
    nodes: async () => (says.silent ? null : nodes()),
    pods: async () => (says.silent ? null : [...living.values()]),
    budgets: async () => (says.silent ? null : says.budgets),
    cordon: ({ metadata }) => mark('cordon', metadata?.name ?? '', 'tandem'),
    uncordon: ({ metadata }) => mark('uncordon', metadata?.name ?? '', null),
    async evict({ metadata }) {
      const name = metadata?.name ?? '';
      asked.push(`evict ${name}`);
      if (says.slowMs > 0) await pause(time.scheduler, says.slowMs);
      const answer = await says.evict(name);
      if (answer.type === 'accepted') living.delete(name);
      return answer;
    },
    async remove({ metadata }) {
      const name = metadata?.name ?? '';
      asked.push(`delete ${name}`);
      if (says.slowMs > 0) await pause(time.scheduler, says.slowMs);
      return says.remove(name) && living.delete(name);
    },
  };
  async function run(options: Partial<EmptyOptions> = {}): Promise<Emptied> {
    const { clock, scheduler } = time;
    const ended: Emptied[] = [];
    void emptyCluster(hands, { clock, scheduler, evictMs: 10_000, deleteMs: null, ...options }).then(
      (emptied) => ended.push(emptied),
    );
    for (let turn = 0; ended.length === 0 && turn < 1000; turn += 1) await time.advance(100);
    const [emptied] = ended;
    if (emptied === undefined) throw new Error('it does not end');
    return emptied;
  }
  return { time, hands, says, asked, cordons, living, run };
}

const refuse = { type: 'refused', budget: 'web' } as const;

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

test('under one budget one pod is asked at a time, the others meanwhile', async () => {
  const { says, run } = bench([pod('a'), pod('b'), pod('c')]);
  says.budgets = [
    {
      metadata: { namespace: 'shop', name: 'ab' },
      spec: { selector: { matchExpressions: [{ key: 'name', operator: 'In', values: ['a', 'b'] }] } },
    },
  ];
  const underWay = new Set<string>();
  let most = 0;
  says.evict = async (name) => {
    expect(underWay.has('a') && name === 'b').toBe(false);
    underWay.add(name);
    most = Math.max(most, underWay.size);
    await Promise.resolve();
    underWay.delete(name);
    return { type: 'accepted' };
  };
  expect(await run()).toMatchObject({ left: [] });
  expect(most).toBe(2);
});

test('the time is over in the middle of a round: who was not asked yet is not asked any more', async () => {
  const { time, says, asked, run } = bench(Array.from({ length: 100 }, (_, at) => pod(`p${at}`)));
  let lateMs = 0;
  says.evict = () => {
    lateMs = 20_000;
    return refuse;
  };
  await run({ clock: { ...time.clock, monotonicMs: () => time.clock.monotonicMs() + lateMs } });
  const evictions = asked.filter((call) => call.startsWith('evict')).length;
  expect(evictions).toBeGreaterThan(0);
  expect(evictions).toBeLessThan(100);
});

test('an end from outside ends it at once, and deletes nothing', async () => {
  const over = new AbortController();
  const { time, says, asked, run } = bench([pod('web')]);
  says.evict = () => {
    if (time.clock.monotonicMs() >= 2000) over.abort();
    return refuse;
  };
  const emptied = await run({ deleteMs: 5000, signal: over.signal });
  expect(emptied.elapsedMs).toBeLessThan(3000);
  expect(asked).not.toContain('delete web');
});

test('an API that hangs half-way: asking and deleting end with their times, not with the last pod', async () => {
  const pods = Array.from({ length: 300 }, (_, at) => pod(`p${at}`));
  const { says, asked, run } = bench(pods);
  // As slow as one request may be, each refused as one that was not answered.
  says.slowMs = 3000;
  says.evict = () => ({ type: 'failed', why: 'no answer' });
  says.remove = () => false;
  const emptied = await run({ deleteMs: 5000 });
  // Ten seconds and five, each with what was under way when it ended.
  expect(emptied.elapsedMs).toBeLessThan(15_000 + 2 * 3000 + 500);
  expect(asked.filter((call) => call.startsWith('delete')).length).toBeLessThan(300);
});

test('deleted is what the API took; the rest is still there', async () => {
  const { says, run } = bench([pod('web'), pod('db')]);
  says.evict = () => refuse;
  says.remove = (name) => name === 'web';
  const emptied = await run({ deleteMs: 5000 });
  expect(emptied.deleted).toEqual([{ name: 'shop/web', budget: 'web' }]);
  expect(emptied.left).toEqual([{ name: 'shop/db', budget: 'web' }]);
});

test('ended from outside in the middle of a hang: nothing more is asked, nothing is deleted', async () => {
  const pods = Array.from({ length: 100 }, (_, at) => pod(`p${at}`));
  const over = new AbortController();
  const { time, says, asked, run } = bench(pods);
  says.slowMs = 3000;
  says.evict = () => ({ type: 'failed', why: 'no answer' });
  time.scheduler.after(1000, () => over.abort());
  await run({ deleteMs: 5000, signal: over.signal });
  expect(asked.filter((call) => call !== 'cordon one')).toHaveLength(32);
});
