import { expect, test } from 'vitest';
import { fakeCluster } from '../../../test/doubles/fake-cluster.ts';
import { sourceOf, toldServices, type SourcePorts } from './sources.ts';

const web = { namespace: 'shop', name: 'web', names: true };
const cluster = { name: 'lab', provider: 'kind', state: 'running' } as const;

function bench() {
  const fake = fakeCluster();
  fake.exported.set('shop/web', { ports: [{ name: 'http', port: 80 }], pods: ['web-1', 'web-2'] });
  const ports: SourcePorts = { cluster, hands: fake.hands, kubeconfigFile: '/kubeconfig', hostPort: 47_390 };
  return { fake, ports };
}

test('an export leads to the ready pods behind its Service', async () => {
  const { ports } = bench();
  const { ports: behind, problem } = await sourceOf(web, ports);
  expect(problem).toBeNull();
  expect(behind[0]).toMatchObject({ name: 'http', port: 80, to: { kind: 'pods', namespace: 'shop' } });
  expect(behind[0]?.to).toMatchObject({ pods: [{ name: 'web-1' }, { name: 'web-2' }] });
});

test('no ready pod is said, but exported all the same; no Service, and none of TCP, are not', async () => {
  const { fake, ports } = bench();
  fake.exported.set('shop/web', { ports: [{ name: 'http', port: 80 }], pods: [] });
  const empty = await sourceOf(web, ports);
  expect([empty.problem?.code, empty.ports.length]).toEqual(['noReadyPods', 1]);
  fake.exported.set('shop/web', { ports: [], pods: [] });
  expect((await sourceOf(web, ports)).problem?.code).toBe('serviceNotTcp');
  fake.exported.delete('shop/web');
  expect((await sourceOf(web, ports)).problem?.code).toBe('serviceUnknown');
});

test('the built-in cluster has one service', async () => {
  const { ports } = bench();
  const embedded = { ...ports, hands: null, cluster: { ...cluster, provider: 'embedded' as const } };
  const own = { namespace: 'default', name: 'web', names: true };
  expect((await sourceOf(own, embedded)).ports).toEqual([
    { name: null, port: 47_390, to: { kind: 'tcp', host: '127.0.0.1', port: 47_390 } },
  ]);
  expect((await sourceOf({ ...own, name: 'redis' }, embedded)).problem?.code).toBe('serviceUnknown');
});

test('what cannot be seen now stays told as it was; what is gone does not', async () => {
  const { fake, ports } = bench();
  const told = toldServices([await sourceOf(web, ports)], []);
  expect(told).toEqual([{ ...web, ports: [{ name: 'http', port: 80 }] }]);
  fake.silent = true;
  expect(toldServices([await sourceOf(web, ports)], told)).toEqual(told);
  fake.silent = false;
  fake.exported.delete('shop/web');
  expect(toldServices([await sourceOf(web, ports)], told)).toEqual([]);
});
