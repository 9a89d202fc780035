import { expect, test } from 'vitest';
import type { Workload } from './clusters.ts';
import { isSystemPod, systemPodsInTrouble } from './system-pods.ts';

test('what belongs to the cluster itself, and what only looks like it', () => {
  for (const own of ['kube-system/coredns-1', 'kube-flannel/kube-flannel-ds-x', 'local-path-storage/p'])
    expect(isSystemPod(own), own).toBe(true);
  for (const other of ['default/kube-system', 'shop/web', 'kube/web', 'local-path/x', 'coredns'])
    expect(isSystemPod(other), other).toBe(false);
});

test('pods of people are left out, and the order stays', () => {
  const one = (name: string) => ({ name, standing: 'failing' as const, why: 'Error', restarts: 1 });
  const worst = [one('shop/web'), one('kube-system/b'), one('kube-system/a')];
  expect(systemPodsInTrouble({ worst } as unknown as Workload).map(({ name }) => name)).toEqual([
    'kube-system/b',
    'kube-system/a',
  ]);
  expect(systemPodsInTrouble(undefined)).toEqual([]);
});
