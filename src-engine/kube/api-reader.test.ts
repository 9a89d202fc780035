import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { writePrivately } from '../platform/files.ts';
import { createApiReader } from './api-reader.ts';

// client-node alone takes a second to load, on a busy machine many.
vi.setConfig({ testTimeout: 60_000 });

/** An API with one node and one pod; its watches stand until somebody ends them. */
async function bench() {
  const calls: string[] = [];
  const answers = { leader: 200 };
  let open = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    calls.push(`${url.pathname}${url.searchParams.has('watch') ? ' watch' : ''}`);
    const isLease = url.pathname.includes('/leases/');
    response.writeHead(isLease ? answers.leader : 200, { 'content-type': 'application/json' });
    if (url.searchParams.has('watch')) {
      open += 1;
      response.on('close', () => void (open -= 1));
      return response.flushHeaders();
    }
    const kind = url.pathname.split('/').at(-1) ?? '';
    const name = { nodes: 'one', pods: 'web' }[kind];
    const items = name === undefined ? [] : [{ metadata: { name, namespace: 'shop' } }];
    response.end(JSON.stringify(isLease ? {} : { metadata: { resourceVersion: '7' }, items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const file = join(temporaryFolder('api-reader'), 'kubeconfig');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const write = (user: string) => writePrivately(file, kubeconfigOf(address, user));
  await write('first');
  const time = fakeTime();
  const reader = createApiReader(time);
  onTestFinished(() => reader.dispose());
  const count = (call: string): number => calls.filter((one) => one === call).length;
  return { time, reader, file, write, answers, count, watches: () => open };
}

const kubeconfigOf = (server: string, user: string): string =>
  JSON.stringify({
    // Without it client-node speaks no plain HTTP.
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user } }],
    'current-context': 'x',
  });

test('looks one after another are one list and one watch a kind; each asks who leads', async () => {
  const { reader, file, count, watches } = await bench();
  for (const _ of [1, 2, 3])
    expect(await reader.read(file)).toMatchObject({
      nodes: [{ name: 'one' }],
      workload: { pods: { total: 1 } },
    });
  expect([count('/api/v1/nodes'), count('/api/v1/pods'), count('/api/v1/pods watch')]).toEqual([1, 1, 1]);
  expect(count('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager')).toBe(3);
  await expect.poll(watches).toBe(3);
});

test('an API that refuses is told at once, by its name, and the next look may be a good one', async () => {
  const { reader, file, answers } = await bench();
  answers.leader = 503;
  // Fake time stands still: whoever waited for a limit would wait for ever.
  expect(await reader.read(file)).toBeNull();
  expect(reader.why(file)).toBe('apiFailing');
  answers.leader = 404;
  expect(await reader.read(file)).toMatchObject({ leaderSince: null });
  expect(reader.why(file)).toBeNull();
});

test('a kubeconfig that is another one by now is another connection, and one that is gone is none', async () => {
  const { reader, file, write, count, watches } = await bench();
  await reader.read(file);
  await write('second');
  expect(await reader.read(file)).not.toBeNull();
  expect(count('/api/v1/pods')).toBe(2);
  await expect.poll(watches).toBe(3);
  await writePrivately(file, ':');
  expect(await reader.read(file)).toBeNull();
  expect(reader.why(file)).toBe('noKubeconfig');
  await expect.poll(watches).toBe(0);
});

test('a cluster that nobody looks at any more is not watched', async () => {
  const { time, reader, file, watches } = await bench();
  await reader.read(file);
  await expect.poll(watches).toBe(3);
  await time.advance(2 * 60_000);
  expect(watches()).toBe(3);
  await time.advance(3 * 60_000);
  await expect.poll(watches).toBe(0);
});

test('two looks at once open one connection', async () => {
  const { reader, file, count } = await bench();
  await Promise.all([reader.read(file), reader.read(file)]);
  expect(count('/api/v1/pods')).toBe(1);
});
