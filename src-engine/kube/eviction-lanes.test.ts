import { expect, test } from 'vitest';
import type { PodFacts } from './evictable.ts';
import { evictionLanes, type BudgetFacts } from './eviction-lanes.ts';

const pod = (name: string, app: string, namespace = 'shop') => ({
  pod: { metadata: { namespace, name, labels: { app } } } satisfies PodFacts,
});
const budget = (app: string, namespace = 'shop'): BudgetFacts => ({
  metadata: { namespace, name: app },
  spec: { selector: { matchLabels: { app } } },
});
const names = (lanes: { pod: PodFacts }[][]) =>
  lanes.map((lane) => lane.map((one) => one.pod.metadata?.name));

test('the pods of a budget go one after another, all others side by side', () => {
  const pods = [pod('a', 'web'), pod('b', 'api'), pod('c', 'web'), pod('d', 'api'), pod('e', 'db')];
  expect(names(evictionLanes(pods, [budget('web'), budget('db')]))).toEqual([
    ['a', 'c'],
    ['e'],
    ['b'],
    ['d'],
  ]);
});

test('a budget guards its own namespace alone, and without budgets nobody waits', () => {
  const pods = [pod('a', 'web'), pod('b', 'web', 'elsewhere'), pod('c', 'web')];
  expect(names(evictionLanes(pods, [budget('web')]))).toEqual([['a', 'c'], ['b']]);
  expect(names(evictionLanes(pods, []))).toEqual([['a'], ['b'], ['c']]);
});
