import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { systemClock, systemScheduler } from '../platform/clock.ts';
import { openClusterHands, type HandsOptions } from './cluster-hands.ts';
import type { ClusterHands } from './empty-cluster.ts';

// client-node alone takes a second to load, on a busy machine many.
vi.setConfig({ testTimeout: 60_000 });

interface Heard {
  readonly call: string;
  readonly type: string;
  readonly body: unknown;
}
type Answer = { readonly status: number; readonly body: unknown } | null;

/** An API server that answers as it is told, or not at all (null); what it heard. */
async function apiServer(answer: (call: string) => Answer) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const call = `${request.method} ${request.url}`;
      const body: unknown = text === '' ? null : JSON.parse(text);
      heard.push({ call, type: request.headers['content-type'] ?? '', body });
      const said = answer(call);
      if (said === null) return;
      response.writeHead(said.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { heard, kubeconfig: kubeconfigOf(url) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const kubeconfigOf = (server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // Without it client-node speaks no plain HTTP.
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });

const system = { clock: systemClock, scheduler: systemScheduler };
async function handsOn(kubeconfig: string, options: HandsOptions = system): Promise<ClusterHands> {
  const hands = await openClusterHands(kubeconfig, options);
  if (typeof hands === 'string') throw new Error(hands);
  return hands;
}

const node = { metadata: { name: 'one', resourceVersion: '41' } };
const pod = { metadata: { namespace: 'shop', name: 'web', uid: 'u-1' } };

test('a cordon is a merge under our name, upon the node as it was read', async () => {
  const { heard, kubeconfig } = await apiServer(() => ({ status: 200, body: { kind: 'Node' } }));
  const hands = await handsOn(kubeconfig);
  expect(await hands.cordon(node)).toBe(true);
  expect(await hands.uncordon(node)).toBe(true);
  expect(heard.map(({ call, type }) => [call, type])).toEqual(
    Array.from({ length: 2 }, () => [
      'PATCH /api/v1/nodes/one?fieldManager=tandem',
      'application/merge-patch+json',
    ]),
  );
  expect(heard.map(({ body }) => body)).toEqual([
    { metadata: { resourceVersion: '41' }, spec: { unschedulable: true } },
    { metadata: { resourceVersion: '41' }, spec: { unschedulable: null } },
  ]);
});

test('somebody was quicker: no cordon of ours', async () => {
  const { kubeconfig } = await apiServer(() => ({ status: 409, body: { kind: 'Status', code: 409 } }));
  expect(await (await handsOn(kubeconfig)).cordon(node)).toBe(false);
});

test('an eviction is of policy/v1 and of this very pod; its budget is named', async () => {
  const causes = [{ reason: 'DisruptionBudget', message: 'The disruption budget web needs 1 healthy pods' }];
  const refusal = { status: 429, body: { kind: 'Status', code: 429, details: { causes } } };
  const { heard, kubeconfig } = await apiServer((call) =>
    call.startsWith('POST') ? refusal : { status: 200, body: { kind: 'Pod' } },
  );
  const hands = await handsOn(kubeconfig);
  expect(await hands.evict(pod)).toEqual({ type: 'refused', budget: 'web' });
  expect(await hands.remove(pod)).toBe(true);
  expect(heard.map(({ call }) => call)).toEqual([
    'POST /api/v1/namespaces/shop/pods/web/eviction',
    'DELETE /api/v1/namespaces/shop/pods/web',
  ]);
  expect(heard[0]?.body).toMatchObject({
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'web', namespace: 'shop' },
    deleteOptions: { preconditions: { uid: 'u-1' } },
  });
  expect(heard[1]?.body).toMatchObject({ preconditions: { uid: 'u-1' } });
});

test('an API that accepts and says nothing is no answer after three seconds, of an eviction after twelve', async () => {
  const { heard, kubeconfig } = await apiServer(() => null);
  const time = fakeTime();
  const hands = await handsOn(kubeconfig, time);
  const pods = hands.pods();
  const evicted = hands.evict(pod);
  await expect.poll(() => heard.length).toBe(2);
  await time.advance(3000);
  expect(await pods).toBeNull();
  await time.advance(9000);
  expect(await evicted).toEqual({ type: 'failed', why: 'no answer' });
  expect(time.pending()).toBe(0);
});

test('a deletion that the API refuses is none', async () => {
  const { kubeconfig } = await apiServer(() => ({ status: 403, body: { kind: 'Status', code: 403 } }));
  expect(await (await handsOn(kubeconfig)).remove(pod)).toBe(false);
});

test('an end from outside: what is under way is not waited for, and nothing more is sent', async () => {
  const { heard, kubeconfig } = await apiServer(() => null);
  const over = new AbortController();
  const time = fakeTime();
  const hands = await handsOn(kubeconfig, { ...time, signal: over.signal });
  const removed = hands.remove(pod);
  await expect.poll(() => heard.length).toBe(1);
  over.abort();
  expect(await removed).toBe(false);
  expect(await hands.evict(pod)).toEqual({ type: 'failed', why: 'no answer' });
  expect([heard.length, time.pending()]).toEqual([1, 0]);
});

test('a list comes in pages, and is nothing without the last of them', async () => {
  const list = (name: string, next: string) => ({
    items: [{ metadata: { name } }],
    metadata: { continue: next },
  });
  let fails = false;
  const { heard, kubeconfig } = await apiServer((call) =>
    call.includes('continue=')
      ? { status: fails ? 500 : 200, body: list('two', '') }
      : { status: 200, body: list('one', 'more') },
  );
  const hands = await handsOn(kubeconfig);
  expect((await hands.nodes())?.map(({ metadata }) => metadata?.name)).toEqual(['one', 'two']);
  expect(heard.map(({ call }) => call)).toEqual([
    'GET /api/v1/nodes?limit=500',
    'GET /api/v1/nodes?continue=more&limit=500',
  ]);
  fails = true;
  expect(await hands.nodes()).toBeNull();
  expect(hands.trouble()).toBe('failing');
});

test('a kubeconfig that cannot be read', async () => {
  for (const text of [':', '{}', '[']) expect(await openClusterHands(text, system)).toBe('noKubeconfig');
});
