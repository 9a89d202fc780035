import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { allProven, kindBench, NAME, nodeNames } from '../../../test/doubles/kind-bench.ts';
import type { WaitingDns } from '../start-help.ts';
import { dnsScript, hastenStart } from './kind-hasten.ts';
import { kindNodes } from './kind-observe.ts';

const run = promisify(execFile);
const [CONTROL_PLANE = '', WORKER = ''] = nodeNames(2);
const dnsOn = (node: string, uid = `uid-${node}`): WaitingDns => ({
  name: `coredns-${uid}`,
  namespace: 'kube-system',
  uid,
  node,
  address: '10.244.1.7',
  hasPlace: true,
});

/** A start whose API answers, with a clock of its own. */
async function started(containersSeen = 2) {
  let nowMs = 0;
  const bench = await kindBench({ record: { nodes: 2 } });
  bench.cluster(2);
  const done: string[] = [];
  const waiting: WaitingDns[] = [];
  const replies = { released: true, replaced: true };
  Object.assign(bench.hands, {
    clock: { wall: () => new Date(), monotonicMs: () => nowMs },
    pods: {
      empty: () => Promise.reject(new Error('not asked')),
      async open() {
        done.push('open');
        return true;
      },
    },
    help: () => ({
      async releaseDead(startedAt: ReadonlyMap<string, Date>) {
        done.push(`release ${[...startedAt.keys()].sort().join(' ')}`);
        return replies.released;
      },
      waitingDns: async () => ({ apiAddress: '10.96.0.1', pods: waiting }),
      async replace({ name }: WaitingDns) {
        done.push(`replace ${name}`);
        return replies.replaced;
      },
    }),
  });
  await bench.hands.files.saveKubeconfig(NAME, 'kind: Config\n');
  const hasten = hastenStart(bench.hands, { name: NAME });
  const found = await kindNodes(bench.hands.docker, NAME);
  const containers = (found.ok ? found.value : []).slice(0, containersSeen);
  const starts = new Map(nodeNames(2).map((name) => [name, new Date()]));
  const look = (missing: string | null): Promise<void> =>
    hasten({ snapshot: allProven(nodeNames(2)), starts, containers }, missing);
  const replaced = (): string[] => done.filter((line) => line.startsWith('replace'));
  return { bench, done, waiting, replies, look, replaced, passes: (ms: number) => void (nowMs += ms) };
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

test('where it is not one control plane, who leads is none of our business', async () => {
  const { done, look } = await started(0);
  await look('provingLeader');
  expect(done).toEqual([]);
});

test('a DNS pod is replaced when it says for a while that it waits, although its node reaches the API', async () => {
  const { bench, waiting, look, replaced, passes } = await started();
  waiting.push(dnsOn(WORKER));
  // Service rules are missing, or it is ready and its kubelet has not seen it yet: it will not be served sooner by being new.
  bench.daemon.inside = () => 'silent\n';
  await look('provingDns');
  passes(60_000);
  await look('provingDns');
  expect(replaced()).toEqual([]);
  bench.daemon.inside = () => 'waits\n';
  await look('provingDns');
  passes(1499);
  await look('provingDns');
  expect(replaced()).toEqual([]);
  passes(1);
  await look('provingDns');
  expect(replaced()).toEqual([`replace coredns-uid-${WORKER}`]);
});

test('what comes after it is never replaced, however long it takes', async () => {
  const { bench, waiting, look, replaced, passes } = await started();
  bench.daemon.inside = () => 'waits\n';
  waiting.push(dnsOn(WORKER, 'first'));
  await look('provingDns');
  passes(2000);
  await look('provingDns');
  waiting.splice(0, 1, dnsOn(WORKER, 'second'));
  for (let looks = 0; looks < 5; looks += 1) {
    await look('provingDns');
    passes(10_000);
  }
  expect(replaced()).toEqual(['replace coredns-first']);
});

test('two of them on two nodes are two', async () => {
  const { bench, waiting, look, replaced, passes } = await started();
  bench.daemon.inside = () => 'waits\n';
  waiting.push(dnsOn(WORKER), dnsOn(CONTROL_PLANE));
  await look('provingDns');
  passes(2000);
  await look('provingDns');
  expect(replaced()).toHaveLength(2);
});

test('on a node that is closed it stays, and what we have closed is opened first', async () => {
  const { bench, done, waiting, look, replaced, passes } = await started();
  bench.daemon.inside = () => 'waits\n';
  waiting.push({ ...dnsOn(WORKER), hasPlace: false });
  for (let looks = 0; looks < 3; looks += 1) {
    await look('provingDns');
    passes(2000);
  }
  expect(replaced()).toEqual([]);
  expect(done.filter((line) => line === 'open')).toHaveLength(1);
  waiting.splice(0, 1, dnsOn(WORKER));
  await look('provingDns');
  expect(replaced()).toHaveLength(1);
});

test('a replacement that the API refused is asked for again', async () => {
  const { bench, waiting, replies, look, replaced, passes } = await started();
  waiting.push(dnsOn(WORKER));
  bench.daemon.inside = () => 'waits\n';
  replies.replaced = false;
  await look('provingDns');
  passes(1500);
  await look('provingDns');
  replies.replaced = true;
  await look('provingDns');
  await look('provingDns');
  expect(replaced()).toHaveLength(2);
});

test('nobody is replaced before somebody leads who would make the new one', async () => {
  const { bench, waiting, look, replaced, passes } = await started();
  waiting.push(dnsOn(CONTROL_PLANE));
  bench.daemon.inside = () => 'waits\n';
  for (const missing of ['nodeNotReady', 'provingHeartbeat', 'provingLeader', 'provingName']) {
    await look(missing);
    passes(10_000);
  }
  expect(replaced()).toEqual([]);
});

test('the script tells a DNS that waits from one that is ready, or not asked, and takes nothing but addresses', async () => {
  const answers = async (status: number): Promise<[Server, number]> => {
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return [server, (server.address() as { port: number }).port];
  };
  const [[api, apiPort], [waits, waitsPort], [ready, readyPort]] = await Promise.all([
    answers(200),
    answers(503),
    answers(200),
  ]);
  const said = async (address: string, port: number, podAddress = '127.0.0.1'): Promise<string> =>
    (await run('sh', ['-c', dnsScript(address, podAddress, { api: apiPort, ready: port })])).stdout.trim();
  expect(await said('127.0.0.1', waitsPort)).toBe('waits');
  expect(await said('127.0.0.1', readyPort)).toBe('silent');
  expect(await said('127.0.0.1; echo waits', waitsPort)).toBe('silent');
  expect(await said('127.0.0.1', waitsPort, '$(echo waits)')).toBe('silent');
  await new Promise((resolve) => api.close(resolve));
  expect(await said('127.0.0.1', waitsPort)).toBe('silent');
  for (const server of [waits, ready]) await new Promise((resolve) => server.close(resolve));
});
