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

test('few pods of a budget go at a time, all others side by side', () => {
  const web = Array.from({ length: 18 }, (_, at) => pod(`w${at}`, 'web'));
  const lanes = names(
    evictionLanes([...web, pod('x', 'api'), pod('y', 'db')], [budget('web'), budget('db')]),
  );
  expect(lanes).toHaveLength(18);
  expect(lanes.slice(0, 3)).toEqual([['w0', 'w16'], ['w1', 'w17'], ['w2']]);
  expect(lanes.slice(-2)).toEqual([['y'], ['x']]);
});

test('a budget guards its own namespace alone, and without budgets nobody waits', () => {
  const pods = [pod('a', 'web'), pod('b', 'web', 'elsewhere'), pod('c', 'web')];
  expect(names(evictionLanes(pods, [budget('web')]))).toEqual([['a'], ['c'], ['b']]);
  expect(names(evictionLanes(pods, []))).toEqual([['a'], ['b'], ['c']]);
});
