import { expect, test, vi } from 'vitest';
import { openBench, type Bench, type BenchMac } from '../doubles/submariner-bench.ts';

// kill -9 at every step: the next engine names what is half done, and undoes or finishes it.

vi.setConfig({ testTimeout: 60_000 });
const SUBMARINERS = '/apis/submariner.io/v1alpha1/namespaces/submariner-operator/submariners';
const BROKER = '/api/v1/namespaces/submariner-k8s-broker';
const done = { ok: true, value: undefined };

async function withBroker(): Promise<Bench> {
  const bench = await openBench();
  expect(await bench.core.submariner.broker()).toEqual(done);
  return bench;
}

const nodeOf = ({ kube }: BenchMac) =>
  [...kube.objects].find(([path]) => path === '/api/v1/nodes/lab-control-plane')?.[1].metadata;
const namesOf = (mac: BenchMac): string[] => mac.written().map(({ name }) => name);

const joinSteps = ['clearLan', 'markGateway', 'joinCluster', 'proveGateway'];
test.each(joinSteps.flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]))(
  'a join at %s, %s it: named, undone, and joined by the next',
  async (step, when) => {
    const { core, edge } = await withBroker();
    await edge.dieAt(step, when, () => edge.submariner.join(undefined));
    expect(edge.submariner.leftover()).toEqual({ code: 'tunnelUnfinished', params: { verb: 'join', step } });
    // LAN mode must not come back beside what is half joined.
    expect(edge.submariner.claim()).not.toBeNull();
    await edge.submariner.mend();
    expect(edge.submariner.leftover()).toBeNull();
    expect(edge.submariner.claim()).toBeNull();
    expect(edge.kube.names(SUBMARINERS)).toEqual([]);
    expect(nodeOf(edge)?.annotations ?? {}).toEqual({});
    expect(nodeOf(edge)?.labels).not.toHaveProperty(['submariner.io/gateway']);
    expect(namesOf(edge)).not.toEqual(expect.arrayContaining(['broker-info.subm']));
    expect(edge.notes.join()).toContain(`was cut off at ${step}`);
    await vi.waitFor(() => expect(edge.submariner.entriesLeft()).toBeNull());
    expect(await edge.submariner.join(undefined)).toEqual(done);
    expect(core.submariner.leftover()).toBeNull();
  },
);

test.each(['preflight', 'fetchBroker'])('a join at %s had begun nothing: nothing is undone', async (step) => {
  const { edge } = await withBroker();
  await edge.dieAt(step, 'after', () => edge.submariner.join(undefined));
  // The core's secret is not left to an undo that never comes.
  expect(namesOf(edge)).not.toContain('broker-info.subm');
  await edge.submariner.mend();
  expect(edge.submariner.leftover()).toBeNull();
  expect(edge.calls()).toEqual([]);
});

test('a join that was only waiting for the tunnel had joined: it stays', async () => {
  const { edge } = await withBroker();
  await edge.dieAt('proveTunnel', 'before', () => edge.submariner.join(undefined));
  expect(edge.submariner.claim()).not.toBeNull();
  await edge.submariner.mend();
  expect(edge.submariner.leftover()).toBeNull();
  expect(edge.submariner.claim()).toBe('joined');
  expect(edge.kube.names(SUBMARINERS)).toEqual(['submariner']);
});

test.each(
  ['deployBroker', 'readBroker', 'proveBroker'].flatMap((step) => [
    [step, 'before'] as const,
    [step, 'after'] as const,
  ]),
)('a broker at %s, %s it: undone with its file', async (step, when) => {
  const { core } = await openBench();
  await core.dieAt(step, when, () => core.submariner.broker());
  expect(core.submariner.leftover()).toMatchObject({ params: { verb: 'broker', step } });
  await core.submariner.mend();
  expect(core.submariner.leftover()).toBeNull();
  expect(core.kube.objects.has(BROKER)).toBe(false);
  expect(namesOf(core)).not.toEqual(expect.arrayContaining(['broker-info.subm']));
  expect(await core.submariner.broker()).toEqual(done);
});

test.each(
  ['removeExports', 'uninstall', 'proveGone', 'cleanBroker'].flatMap((step) => [
    [step, 'before'] as const,
    [step, 'after'] as const,
  ]),
)('a leave at %s, %s it: finished', async (step, when) => {
  const { core, edge } = await withBroker();
  expect(await edge.submariner.join(undefined)).toEqual(done);
  await edge.dieAt(step, when, () => edge.submariner.leave());
  expect(edge.submariner.leftover()).toMatchObject({ params: { verb: 'leave', step } });
  await edge.submariner.mend();
  expect([edge.submariner.leftover(), edge.submariner.claim()]).toEqual([null, null]);
  expect(edge.kube.names(SUBMARINERS)).toEqual([]);
  await vi.waitFor(() =>
    expect(core.kube.names('/apis/submariner.io/v1/namespaces/submariner-k8s-broker/clusters')).toEqual([]),
  );
});

test('while its cluster does not answer it stays named, and verbs say why they wait', async () => {
  const { edge } = await withBroker();
  await edge.dieAt('joinCluster', 'after', () => edge.submariner.join(undefined));
  edge.kube.down = true;
  await edge.submariner.mend();
  const unfinished = { code: 'tunnelUnfinished', params: { verb: 'join', step: 'joinCluster' } };
  expect(edge.submariner.leftover()).toEqual(unfinished);
  expect(await edge.submariner.join(undefined)).toEqual({ ok: false, error: unfinished });
  edge.kube.down = false;
  expect(await edge.submariner.join(undefined)).toEqual(done);
});

test('its cluster was deleted meanwhile: there is nothing to undo', async () => {
  const { edge } = await withBroker();
  await edge.dieAt('joinCluster', 'after', () => edge.submariner.join(undefined));
  edge.facts.cluster = { name: 'other', provider: 'kind', state: 'running' };
  await edge.submariner.mend();
  expect(edge.submariner.leftover()).toBeNull();
  expect(edge.calls().map(([verb]) => verb)).toEqual(['join']);
});

test('a subctl that says nothing is not waited for longer than its limit', async () => {
  const { edge } = await withBroker();
  edge.scene({ hangIn: 'version' });
  expect(await edge.submariner.join(undefined)).toMatchObject({
    error: { code: 'subctlSilent', params: { seconds: 10 } },
  });
  expect(edge.submariner.leftover()).toBeNull();
});
