import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { allProven, kindBench, NAME, nodeNames } from '../../../test/doubles/kind-bench.ts';
import type { WaitingDns } from '../start-help.ts';
import { hastenStart, reachScript } from './kind-hasten.ts';
import { kindNodes } from './kind-observe.ts';

const run = promisify(execFile);
const [CONTROL_PLANE = '', WORKER = ''] = nodeNames(2);
const dnsOn = (node: string): WaitingDns => ({
  name: `coredns-${node}`,
  namespace: 'kube-system',
  uid: `uid-${node}`,
  node,
});

/** A start of two nodes whose API answers, with a clock of its own. */
async function started() {
  let nowMs = 0;
  const bench = await kindBench({ record: { nodes: 2 } });
  bench.cluster(2);
  const done: string[] = [];
  const waiting: WaitingDns[] = [];
  const replies = { released: true, replaced: true };
  Object.assign(bench.hands, {
    clock: { wall: () => new Date(), monotonicMs: () => nowMs },
    help: {
      async releaseDead(_: string, startedAt: ReadonlyMap<string, Date>) {
        done.push(`release ${[...startedAt.keys()].sort().join(' ')}`);
        return replies.released;
      },
      waitingDns: async () => ({ apiAddress: '10.96.0.1', pods: waiting }),
      async replace(_: string, { name }: WaitingDns) {
        done.push(`replace ${name}`);
        return replies.replaced;
      },
    },
  });
  const hasten = hastenStart(bench.hands, { name: NAME });
  const found = await kindNodes(bench.hands.docker, NAME);
  const containers = found.ok ? found.value : [];
  const look = (missing: string | null): Promise<void> =>
    hasten({ snapshot: allProven(nodeNames(2)), since: new Date(), containers }, missing);
  return { bench, done, waiting, replies, look, passes: (ms: number) => void (nowMs += ms) };
}

test('dead leaders are released once, by the starts of all nodes; again only while the API does not do it', async () => {
  const { done, replies, look } = await started();
  replies.released = false;
  await look('nodeNotReady');
  replies.released = true;
  await look('provingLeader');
  await look('provingLeader');
  expect(done).toEqual(Array<string>(2).fill(`release ${CONTROL_PLANE} ${WORKER}`));
});

test('a DNS pod is replaced when its node has reached the API for a while and it is still not ready', async () => {
  const { bench, done, waiting, look, passes } = await started();
  waiting.push(dnsOn(WORKER));
  const replaced = (): string[] => done.filter((line) => line.startsWith('replace'));
  // Service rules are missing: it will not be served sooner by being new.
  bench.daemon.inside = () => 'silent\n';
  await look('provingDns');
  passes(60_000);
  await look('provingDns');
  expect(replaced()).toEqual([]);
  bench.daemon.inside = () => 'reached\n';
  await look('provingDns');
  passes(1499);
  await look('provingDns');
  expect(replaced()).toEqual([]);
  passes(1);
  await look('provingDns');
  expect(replaced()).toEqual([`replace coredns-${WORKER}`]);
  // It is on its way out, and its name may still be told.
  await look('provingDns');
  expect(replaced()).toHaveLength(1);
});

test('a replacement that the API refused is asked for again', async () => {
  const { bench, done, waiting, replies, look, passes } = await started();
  waiting.push(dnsOn(WORKER));
  bench.daemon.inside = () => 'reached\n';
  replies.replaced = false;
  await look('provingDns');
  passes(1500);
  await look('provingDns');
  replies.replaced = true;
  await look('provingDns');
  await look('provingDns');
  expect(done.filter((line) => line.startsWith('replace'))).toHaveLength(2);
});

test('nobody is replaced before somebody leads who would make the new one', async () => {
  const { bench, done, waiting, look, passes } = await started();
  waiting.push(dnsOn(CONTROL_PLANE));
  bench.daemon.inside = () => 'reached\n';
  for (const missing of ['nodeNotReady', 'provingHeartbeat', 'provingLeader', 'provingName']) {
    await look(missing);
    passes(10_000);
  }
  expect(done.filter((line) => line.startsWith('replace'))).toEqual([]);
});

test('the script tells a port that answers from one that does not, and takes nothing but an address', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const said = async (address: string): Promise<string> =>
    (await run('sh', ['-c', reachScript(address, port)])).stdout.trim();
  expect(await said('127.0.0.1')).toBe('reached');
  await new Promise((resolve) => server.close(resolve));
  expect(await said('127.0.0.1')).toBe('silent');
  expect(await said('127.0.0.1; echo reached')).toBe('silent');
});
