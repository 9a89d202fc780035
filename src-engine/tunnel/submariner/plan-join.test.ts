import { expect, test, vi } from 'vitest';
import { openParts, type PartsBench } from '../../../test/doubles/submariner-parts.ts';
import { verbsOf } from './verbs.ts';

const PUBLIC_IP = 'gateway.submariner.io/public-ip';
const done = { ok: true, value: undefined };

/** The other Mac has joined, and the gateway here is connected to a cluster of that ID. */
async function meeting(clusterId: string): Promise<PartsBench> {
  const bench = await openParts('edge');
  const { facts } = bench;
  if (facts.peer !== null) facts.peer = { ...facts.peer, joined: true };
  facts.connected = { clusterId, rtt: '1.16ms' };
  return bench;
}

const running = ({ parts }: PartsBench): string | undefined =>
  parts.progress?.steps.find(({ status }) => status === 'running')?.id;

test('connected to the other Mac’s cluster is joined', async () => {
  const { parts } = await meeting('lab-core');
  expect(await verbsOf(parts).join(undefined)).toEqual(done);
});

test('connected to a third cluster is not joined to the other Mac’s', async () => {
  const bench = await meeting('stranger');
  const joining = verbsOf(bench.parts).join(undefined);
  await vi.waitFor(() => expect(running(bench)).toBe('proveTunnel'));
  await bench.time.advance(182_000);
  expect(await joining).toMatchObject({ error: { code: 'tunnelBlocked' } });
});

test('an address that a person gave the gateway is there again after a join that left', async () => {
  const bench = await meeting('lab-core');
  const { parts, cluster } = bench;
  const own = { [PUBLIC_IP]: 'dns:edge.example', note: 'mine' };
  cluster.node = { ...cluster.node, annotations: own };
  expect(await verbsOf(parts).join(undefined)).toEqual(done);
  expect(cluster.node.annotations).toEqual({ ...own, [PUBLIC_IP]: 'ipv4:192.168.1.10' });
  expect(await verbsOf(parts).leave()).toEqual(done);
  expect([cluster.node.labels, cluster.node.annotations]).toEqual([{}, own]);
});

test('and after one that failed', async () => {
  const bench = await meeting('lab-core');
  const { parts, cluster, subctl } = bench;
  const own = { [PUBLIC_IP]: 'dns:edge.example' };
  cluster.node = { ...cluster.node, annotations: own };
  subctl.join = async () => ({ ok: false, error: { code: 'toolFailed', params: {} } });
  expect((await verbsOf(parts).join(undefined)).ok).toBe(false);
  expect(cluster.node.annotations).toEqual(own);
});

test('a node whose marks could not be taken back is no leave that is done: it may be run again', async () => {
  const { parts, cluster, left } = await meeting('lab-core');
  expect(await verbsOf(parts).join(undefined)).toEqual(done);
  cluster.silent.add('mark');
  expect(await verbsOf(parts).leave()).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(parts.memory.kept().joined?.gatewayNode).toBe('lab-worker');
  expect(cluster.node.labels).toHaveProperty(['submariner.io/gateway']);
  expect(left).toEqual([]);
  cluster.silent.clear();
  expect(await verbsOf(parts).leave()).toEqual(done);
  expect([cluster.node.labels, cluster.node.annotations]).toEqual([{}, {}]);
  expect([parts.memory.kept().joined, left]).toEqual([null, ['lab-edge']]);
});
