import { expect, test } from 'vitest';
import { stuckPods, type BudgetFacts, type PodFacts } from './stuck-pods.ts';

const owner = (kind: string) => [{ kind }];
const pod = (name: string, change: Partial<PodFacts> = {}): PodFacts => ({
  metadata: { namespace: 'shop', name, ownerReferences: owner('ReplicaSet'), labels: { app: 'web' } },
  spec: {},
  status: { phase: 'Running' },
  ...change,
});
const withMeta = (name: string, change: PodFacts['metadata']): PodFacts =>
  pod(name, { metadata: { ...pod(name).metadata, ...change } });
const budget = (allowed: number, labels: Record<string, string> | null = { app: 'web' }): BudgetFacts => ({
  metadata: { namespace: 'shop' },
  spec: labels === null ? {} : { selector: { matchLabels: labels } },
  status: { disruptionsAllowed: allowed },
});
const whyOf = (one: PodFacts, budgets: BudgetFacts[] = []) => stuckPods([one], budgets)[0]?.why ?? null;

test('a pod of a ReplicaSet moves; a bare one does not', () => {
  expect(whyOf(pod('web'))).toBeNull();
  expect(stuckPods([withMeta('one', { ownerReferences: [] })], [])).toEqual([
    { name: 'shop/one', why: 'bare' },
  ]);
});

test('what belongs to the node, to the cluster itself or has ended is nobody’s to move', () => {
  expect(whyOf(withMeta('d', { ownerReferences: owner('DaemonSet') }))).toBeNull();
  expect(whyOf(withMeta('m', { ownerReferences: owner('Node') }))).toBeNull();
  expect(whyOf(withMeta('dns', { namespace: 'kube-system', ownerReferences: [] }))).toBeNull();
  const done = { ...withMeta('job', { ownerReferences: [] }), status: { phase: 'Succeeded' } };
  expect(whyOf(done)).toBeNull();
});

test('data that stays on this Mac; a claim does not', () => {
  const volumes = (volume: object) => pod('db', { spec: { volumes: [volume] } });
  expect(whyOf(volumes({ emptyDir: {} }))).toBe('localData');
  expect(whyOf(volumes({ hostPath: { path: '/d' } }))).toBe('localData');
  expect(whyOf(volumes({ persistentVolumeClaim: { claimName: 'c' } }))).toBeNull();
});

test('a budget that allows none, for the pods that it selects', () => {
  expect(whyOf(pod('web'), [budget(0)])).toBe('budget');
  expect(whyOf(pod('web'), [budget(1)])).toBeNull();
  expect(whyOf(pod('web'), [budget(0, { app: 'other' })])).toBeNull();
  expect(whyOf(pod('web'), [budget(0, null)])).toBeNull();
  expect(whyOf(withMeta('web', { namespace: 'elsewhere' }), [budget(0)])).toBeNull();
});

test('a list is short', () => {
  const many = Array.from({ length: 80 }, (_, at) => withMeta(`p${at}`, { ownerReferences: [] }));
  expect(stuckPods(many, [])).toHaveLength(50);
});
