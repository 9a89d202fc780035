import { expect, test } from 'vitest';
import { podName, standingOf, type PodFacts } from './evictable.ts';

const ownedBy = (kind: string) => [{ kind, controller: true }];
const pod = (metadata: PodFacts['metadata'], rest: Omit<PodFacts, 'metadata'> = {}): PodFacts => ({
  metadata: { namespace: 'shop', name: 'web', ownerReferences: ownedBy('ReplicaSet'), ...metadata },
  status: { phase: 'Running' },
  ...rest,
});

test('what something makes anew may be evicted, claims and host paths or not', () => {
  for (const kind of ['ReplicaSet', 'StatefulSet', 'Job'])
    expect(standingOf(pod({ ownerReferences: ownedBy(kind) }))).toBe('evict');
  expect(standingOf(pod({}, { spec: { volumes: [{}] } }))).toBe('evict');
  expect(podName(pod({}))).toBe('shop/web');
});

test('bare is what nothing makes anew: an owner that does not control it is none', () => {
  expect(standingOf(pod({ ownerReferences: undefined }))).toBe('bare');
  expect(standingOf(pod({ ownerReferences: [{ kind: 'ReplicaSet' }] }))).toBe('bare');
});

test('an emptyDir ends with its pod', () => {
  expect(standingOf(pod({}, { spec: { volumes: [{}, { emptyDir: {} }] } }))).toBe('localData');
});

test('what belongs to the node or to the cluster is not asked', () => {
  expect(standingOf(pod({ ownerReferences: ownedBy('DaemonSet') }))).toBe('daemonSet');
  const annotations = { 'kubernetes.io/config.mirror': 'x' };
  expect(standingOf(pod({ annotations, ownerReferences: ownedBy('Node') }))).toBe('mirror');
  expect(standingOf(pod({ namespace: 'kube-system' }))).toBe('system');
});

test('what has ended has nothing to move, whoever made it', () => {
  for (const phase of ['Succeeded', 'Failed'])
    expect(standingOf(pod({ ownerReferences: [] }, { status: { phase } }))).toBe('finished');
});
