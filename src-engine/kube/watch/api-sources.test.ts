import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemScheduler } from '../../platform/clock.ts';
import { clientsOf, readKubeconfig } from '../api-connection.ts';
import { apiSources } from './api-sources.ts';
import type { PodKept } from './kept.ts';
import type { Change, WatchEnd } from './watch-source.ts';

// client-node alone takes a second to load, on a busy machine many.
vi.setConfig({ testTimeout: 60_000 });

type Answer = (response: ServerResponse, query: URLSearchParams) => void;

/** An API that answers as it is told, and what a watch of its pods tells. */
async function bench(answer: Answer) {
  const queries: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    queries.push(`${url.pathname}${decodeURIComponent(url.search)}`);
    answer(response, url.searchParams);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  const config = await readKubeconfig(JSON.stringify(kubeconfig), new Date());
  if (typeof config === 'string') throw new Error(config);
  const { CoreV1Api } = await import('@kubernetes/client-node');
  const sources = await apiSources(config, (await clientsOf(config))(CoreV1Api), systemScheduler);
  const told: Change<PodKept>[] = [];
  const ends: WatchEnd[] = [];
  const listener = {
    change: (change: Change<PodKept>) => void told.push(change),
    ended: (end: WatchEnd) => void ends.push(end),
  };
  return { queries, told, ends, ...sources, watch: () => sources.pods.watch('7', listener) };
}

const pod = (name: string, resourceVersion: string) => ({
  metadata: { namespace: 'shop', name, resourceVersion },
});
const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

test('a watch goes on from where it is told, asks for bookmarks, and tells each kind of change', async () => {
  const { queries, told, ends, watch } = await bench((response) => {
    response.write(line('ADDED', pod('a', '8')) + line('MODIFIED', pod('a', '9')));
    response.write(
      line('DELETED', pod('a', '10')) + line('BOOKMARK', { metadata: { resourceVersion: '40' } }),
    );
  });
  const opened = await watch();
  await expect.poll(() => told.length).toBe(4);
  expect(told.map(({ type, version }) => [type, version])).toEqual([
    ['set', '8'],
    ['set', '9'],
    ['gone', '10'],
    ['bookmark', '40'],
  ]);
  expect(told[2]).toMatchObject({ key: 'shop/a' });
  expect(queries).toEqual(['/api/v1/pods?watch=true&resourceVersion=7&allowWatchBookmarks=true']);
  if (typeof opened !== 'string') opened.dispose();
  await expect.poll(() => ends.length).toBe(1);
});

test('410 comes as an answer, or as an event of a watch that stands', async () => {
  const refused = await bench((response) => json(response, 410, { kind: 'Status', code: 410 }));
  expect(await refused.watch()).toBe('expired');
  // Which is the last thing that is said, whether the connection is closed after it or not.
  const told = await bench((response) => void response.write(line('ERROR', { kind: 'Status', code: 410 })));
  await told.watch();
  await expect.poll(() => told.ends).toEqual(['expired']);
  const other = await bench((response) => response.end(line('ERROR', { kind: 'Status', code: 504 })));
  await other.watch();
  await expect.poll(() => other.ends).toEqual(['failed']);
});

test('an orderly end is none of the others', async () => {
  const { ends, watch } = await bench((response) => response.end(line('ADDED', pod('a', '8'))));
  await watch();
  await expect.poll(() => ends).toEqual(['closed']);
});

test('an API that refuses a watch, or breaks it', async () => {
  const refused = await bench((response) => json(response, 500, {}));
  expect(await refused.watch()).toBe('failed');
  const { ends, watch } = await bench((response) => {
    response.write(line('ADDED', pod('a', '8')));
    setTimeout(() => response.destroy(), 50);
  });
  await watch();
  await expect.poll(() => ends).toEqual(['failed']);
});

test('a list in pages; a place to go on from that is too old', async () => {
  const { queries, pods, warnings } = await bench((response, query) =>
    query.has('continue')
      ? json(response, 410, { kind: 'Status', code: 410 })
      : json(response, 200, { metadata: { resourceVersion: '7', continue: 'more' }, items: [pod('a', '5')] }),
  );
  expect(await pods.list(null)).toMatchObject({ type: 'page', next: 'more', version: '7' });
  expect(await pods.list('more')).toEqual({ type: 'expired' });
  await warnings.list(null);
  expect(queries).toEqual([
    '/api/v1/pods?limit=250',
    '/api/v1/pods?continue=more&limit=250',
    '/api/v1/events?fieldSelector=type=Warning&limit=250',
  ]);
});
