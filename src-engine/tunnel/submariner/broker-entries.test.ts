import { expect, test } from 'vitest';
import { openParts } from '../../../test/doubles/submariner-parts.ts';
import { forgetLeft } from './broker-entries.ts';
import { ownFacts } from './peer-facts.ts';
import { verbsOf } from './verbs.ts';

const BROKER = 'submariner-k8s-broker';

test('the edge gives up its own ID; that of the core it cannot', async () => {
  const { parts, cluster } = await openParts('core');
  await verbsOf(parts).broker();
  for (const id of ['lab-core', 'lab-edge'])
    cluster.put('clusters', BROKER, id, { spec: { cluster_id: id } });
  expect(await forgetLeft(parts, 'lab-core')).toBe(true);
  expect(cluster.names('clusters')).toEqual(['lab-core', 'lab-edge']);
  expect(await forgetLeft(parts, 'lab-edge')).toBe(true);
  expect(cluster.names('clusters')).toEqual(['lab-core']);
  cluster.silent.add('clusters');
  expect(await forgetLeft(parts, 'lab-edge')).toBe(false);
});

test('the ID under which the core joined is its own as well', async () => {
  const { parts, cluster, facts } = await openParts('core');
  await verbsOf(parts).broker();
  await verbsOf(parts).join('chosen');
  expect(parts.memory.kept().joined?.clusterId).toBe('chosen');
  cluster.put('clusters', BROKER, 'chosen', { spec: { cluster_id: 'chosen' } });
  await forgetLeft(parts, 'chosen');
  expect(cluster.names('clusters')).toEqual(['chosen']);
  // Also while another of this Mac's clusters is meant.
  facts.cluster = { name: 'other', provider: 'kind', state: 'running' };
  await forgetLeft(parts, 'chosen');
  expect(cluster.names('clusters')).toEqual(['chosen']);
});

test('what the broker did not answer is told as unknown', async () => {
  const { parts, cluster } = await openParts('core');
  await verbsOf(parts).broker();
  expect(await ownFacts(parts)).toMatchObject({ registered: [], registeredKnown: true });
  cluster.silent.add('clusters');
  expect(await ownFacts(parts)).toMatchObject({ registered: [], registeredKnown: false });
});
