import { expect, test } from 'vitest';
import { fakeCluster } from '../../../test/doubles/fake-cluster.ts';
import { careFor } from './cluster-care.ts';
import type { OwnObjects } from './own-objects.ts';

const port = (number: number) => [{ name: null, port: number }];
const wanted = (namespace = 'shop', ready = true): OwnObjects => ({
  services: [{ namespace, name: 'tandem-web', ports: port(80) }],
  slices: [{ namespace, name: 'tandem-web', ports: port(40_001), address: '172.18.0.1', ready }],
});
const nothing: OwnObjects = { services: [], slices: [] };

test('what is wanted is made once, kept true, and taken away whole', async () => {
  const cluster = fakeCluster();
  const first = await careFor(cluster.hands, wanted(), true);
  expect(first).toMatchObject({ names: 'answered', blocked: new Map() });
  expect(cluster.slices[0]).toMatchObject({ address: '172.18.0.1', ready: true });
  cluster.writes.length = 0;
  await careFor(cluster.hands, wanted(), true);
  expect(cluster.writes).toEqual([]);
  await careFor(cluster.hands, wanted('shop', false), true);
  expect(cluster.slices[0]?.ready).toBe(false);
  await careFor(cluster.hands, nothing, false);
  expect([cluster.services, cluster.slices, cluster.corefile]).toEqual([[], [], '.:53 {\n    reload\n}\n']);
});

test('somebody else’s Service of that name is not touched, and no slice is made beside it', async () => {
  const cluster = fakeCluster();
  cluster.foreign.add('shop/tandem-web');
  const outcome = await careFor(cluster.hands, wanted(), false);
  expect(outcome?.blocked.get('shop/web')).toEqual({
    code: 'serviceTaken',
    params: { namespace: 'shop', name: 'tandem-web' },
  });
  expect(cluster.writes).toEqual([]);
});

test('a namespace that is not there is named, never made', async () => {
  const cluster = fakeCluster();
  const outcome = await careFor(cluster.hands, wanted('elsewhere'), false);
  expect(outcome?.blocked.get('elsewhere/web')?.code).toBe('namespaceMissing');
  cluster.namespaces.add('elsewhere');
  expect((await careFor(cluster.hands, wanted('elsewhere'), false))?.blocked.size).toBe(0);
});

test('where somebody else answers clusterset names, ours go', async () => {
  const cluster = fakeCluster();
  await careFor(cluster.hands, wanted(), true);
  cluster.corefile += 'clusterset.local:53 {\n    forward . 10.96.4.4\n}\n';
  expect((await careFor(cluster.hands, wanted(), true))?.names).toBe('taken');
  expect(cluster.corefile).not.toContain('tandem');
  expect(cluster.corefile).toContain('10.96.4.4');
});

test('an API that does not answer says nothing about anything; another DNS is left alone', async () => {
  const cluster = fakeCluster();
  cluster.silent = true;
  expect(await careFor(cluster.hands, wanted(), true)).toBeNull();
  cluster.silent = false;
  cluster.corefile = null;
  expect((await careFor(cluster.hands, wanted(), true))?.names).toBe('unknown');
});
