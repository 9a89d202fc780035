import { expect, test } from 'vitest';
import { fail, type Result } from '../../../src-shared/errors/result.ts';
import { putSubmariner } from '../../../test/doubles/submariner-cluster.ts';
import { openParts, type PartsBench } from '../../../test/doubles/submariner-parts.ts';
import { repair } from './repair.ts';
import { verbsOf } from './verbs.ts';

const BROKER = 'submariner-k8s-broker';
const OPERATOR = 'submariner-operator';
const broken = async () => fail('toolFailed', { tool: 'subctl', detail: 'it broke' });
const done = { ok: true, value: undefined };

/** It does all of it, and then says that it failed. */
const failing = (work: () => Promise<Result<void>>) => async (): Promise<Result<void>> => {
  await work();
  return broken();
};

/** A core whose cluster is the broker, with the edge registered. */
async function withBroker(): Promise<PartsBench> {
  const bench = await openParts('core');
  expect(await verbsOf(bench.parts).broker()).toEqual(done);
  bench.cluster.put('clusters', BROKER, 'lab-edge', { spec: { cluster_id: 'lab-edge' } });
  bench.runs.length = 0;
  return bench;
}

test.each([BROKER, OPERATOR, 'submariners'])(
  'a broker again while one look at %s has no answer: refused before anything, and all of it stays',
  async (what) => {
    const { parts, cluster, runs, subctl } = await withBroker();
    subctl['deploy-broker'] = broken;
    // A list is asked for twice: pre-flight may have an answer, and what stands none.
    if (what === 'submariners') cluster.silent.add(what);
    else cluster.silentOnce.push(what);
    expect(await verbsOf(parts).broker()).toMatchObject({
      error: { code: 'apiUnreachable', params: { name: 'lab' } },
    });
    expect(runs).toEqual([]);
    cluster.silent.clear();
    expect(await verbsOf(parts).broker()).toMatchObject({ error: { code: 'toolFailed' } });
    expect(runs).toEqual(['deploy-broker']);
    expect([...cluster.namespaces]).toEqual([BROKER, OPERATOR]);
    expect(cluster.names('clusters')).toEqual(['lab-edge']);
    expect(parts.memory.intent()).toBeNull();
  },
);

test('a broker where a person’s Submariner stands: refused, and nothing of that is uninstalled', async () => {
  const { parts, cluster, runs } = await openParts('core');
  putSubmariner(cluster, 'mine');
  expect(await verbsOf(parts).broker()).toMatchObject({ error: { code: 'submarinerForeign' } });
  expect(runs).toEqual([]);
  expect(cluster.names('submariners')).toEqual(['submariner']);
});

test('a broker that fails takes back its own namespace, and no operator that stood before', async () => {
  const { parts, cluster, runs, subctl } = await openParts('core');
  cluster.namespaces.add(OPERATOR);
  subctl['deploy-broker'] = failing(subctl['deploy-broker']);
  expect(await verbsOf(parts).broker()).toMatchObject({ error: { code: 'toolFailed' } });
  expect(runs).toEqual(['deploy-broker']);
  expect([...cluster.namespaces]).toEqual([OPERATOR]);
  // On a bare cluster the operator is its own, and goes.
  cluster.namespaces.clear();
  expect(await verbsOf(parts).broker()).toMatchObject({ error: { code: 'toolFailed' } });
  expect(runs.slice(1)).toEqual(['deploy-broker', 'uninstall']);
  expect([...cluster.namespaces]).toEqual([]);
});

test('a join of the core that fails takes back its own object, and leaves broker and operator', async () => {
  const { parts, cluster, runs, subctl } = await withBroker();
  subctl.join = failing(subctl.join);
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'toolFailed' } });
  expect(runs).toEqual(['join']);
  expect(cluster.names('submariners')).toEqual([]);
  expect([...cluster.namespaces]).toEqual([BROKER, OPERATOR]);
  expect(cluster.names('clusters')).toEqual(['lab-edge']);
  expect(parts.memory.intent()).toBeNull();
});

test('a join whose list of Submariners has no answer is refused', async () => {
  const { parts, cluster, runs } = await openParts('edge');
  cluster.silent.add('submariners');
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(runs).toEqual([]);
  expect(cluster.node.annotations).toEqual({});
});

test('an ID that somebody took meanwhile is that one’s: the broker is told to forget nothing', async () => {
  const { parts, left, subctl } = await openParts('edge');
  subctl.join = async () => fail('clusterIdTaken', { clusterId: 'lab-edge' });
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'clusterIdTaken' } });
  expect([left, parts.memory.kept().leftIds, parts.memory.intent()]).toEqual([[], [], null]);
});

test('a join that ended before subctl registered nothing; one whose object stood may have', async () => {
  const { parts, cluster, left, subctl } = await openParts('edge');
  cluster.silentOnce.push('mark');
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(left).toEqual([]);
  subctl.join = failing(subctl.join);
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'toolFailed' } });
  expect(left).toEqual(['lab-edge']);
});

test('that it may be registered outlives an undo that is cut off after the object went', async () => {
  const { parts, cluster, left, subctl } = await openParts('edge');
  const join = subctl.join;
  subctl.join = async () => {
    await join();
    // The object goes, and then the node is not reached.
    cluster.silent.add('mark');
    return broken();
  };
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'toolFailed' } });
  expect([cluster.names('submariners'), left, parts.memory.intent()?.registers]).toEqual([[], [], true]);
  cluster.silent.clear();
  await repair(parts, 'now');
  expect([left, parts.memory.intent()]).toEqual([['lab-edge'], null]);
});

test('another cluster is meant by the time of the undo: nothing is undone in that one', async () => {
  const { parts, cluster, facts, runs, subctl } = await openParts('edge');
  const join = subctl.join;
  subctl.join = async () => {
    await join();
    facts.cluster = { name: 'other', provider: 'kind', state: 'running' };
    return broken();
  };
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'toolFailed' } });
  expect(runs).toEqual(['join']);
  expect(cluster.names('submariners')).toEqual(['submariner']);
  expect(parts.memory.intent()).toMatchObject({ cluster: 'lab', undoFailed: true });
});

test('a cluster that was made anew joins under its ID: what the broker knows of the one before goes first', async () => {
  const { parts, cluster, subctl } = await withBroker();
  expect(await verbsOf(parts).join(undefined)).toEqual(done);
  for (const kind of ['submariners', 'gateways'] as const)
    for (const name of cluster.names(kind)) await cluster.hands.remove(kind, OPERATOR, name);
  cluster.put('clusters', BROKER, 'lab-core', { spec: { cluster_id: 'lab-core' } });
  const join = subctl.join;
  subctl.join = async () =>
    cluster.names('clusters').includes('lab-core')
      ? fail('clusterIdTaken', { clusterId: 'lab-core' })
      : join();
  expect(await verbsOf(parts).join(undefined)).toEqual(done);
  expect(cluster.names('clusters')).toEqual(['lab-edge']);
});

test('IDs that the core’s broker does not tell are no free ones', async () => {
  const { parts, cluster, runs } = await withBroker();
  cluster.silent.add('clusters');
  expect(await verbsOf(parts).join(undefined)).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(await verbsOf(parts).forgetStale('lab-edge')).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(runs).toEqual([]);
});
