import { expect, test } from 'vitest';
import type { PodFacts } from './evictable.ts';
import type { BudgetFacts } from './eviction-lanes.ts';
import { stuckPods } from './stuck-pods.ts';

const pod = (name: string, metadata: PodFacts['metadata'] = {}, spec: PodFacts['spec'] = {}): PodFacts => ({
  metadata: {
    namespace: 'shop',
    name,
    ownerReferences: [{ kind: 'ReplicaSet', controller: true }],
    labels: { app: 'web' },
    ...metadata,
  },
  spec,
  status: { phase: 'Running' },
});
const budget = (allowed: number, labels: Record<string, string> | null = { app: 'web' }): BudgetFacts => ({
  metadata: { namespace: 'shop' },
  spec: labels === null ? {} : { selector: { matchLabels: labels } },
  status: { disruptionsAllowed: allowed },
});
const whyOf = (one: PodFacts, budgets: BudgetFacts[] = []) => stuckPods([one], budgets)[0]?.why ?? null;

test('a pod of a ReplicaSet moves; a bare one, and one with data of its own, does not', () => {
  expect(whyOf(pod('web'))).toBeNull();
  expect(stuckPods([pod('one', { ownerReferences: [] })], [])).toEqual([{ name: 'shop/one', why: 'bare' }]);
  expect(whyOf(pod('db', {}, { volumes: [{ emptyDir: {} }] }))).toBe('localData');
});

test('what is never asked is not said to be refused', () => {
  expect(
    whyOf(pod('d', { ownerReferences: [{ kind: 'DaemonSet', controller: true }] }), [budget(0)]),
  ).toBeNull();
  expect(whyOf(pod('dns', { namespace: 'kube-system' }), [budget(0)])).toBeNull();
  expect(whyOf(pod('db', {}, { volumes: [{ emptyDir: {} }] }), [budget(0)])).toBe('localData');
});

test('a budget that allows none, for the pods that it selects', () => {
  expect(whyOf(pod('web'), [budget(0)])).toBe('budget');
  expect(whyOf(pod('web'), [budget(1)])).toBeNull();
  expect(whyOf(pod('web'), [budget(0, { app: 'other' })])).toBeNull();
  expect(whyOf(pod('web'), [budget(0, null)])).toBeNull();
  expect(whyOf(pod('web', { namespace: 'elsewhere' }), [budget(0)])).toBeNull();
});

test('a list is short', () => {
  const many = Array.from({ length: 80 }, (_, at) => pod(`p${at}`, { ownerReferences: [] }));
  expect(stuckPods(many, [])).toHaveLength(50);
});
