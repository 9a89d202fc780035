import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { systemClock, systemScheduler } from '../platform/clock.ts';
import { readPodReport } from './pod-report.ts';

// client-node alone takes a second to load, on a busy machine many.
vi.setConfig({ testTimeout: 60_000 });

const place = { namespace: 'kube-system', name: 'coredns-1' };
const crashing = {
  metadata: { ...place, uid: 'u1' },
  spec: { nodeName: 'lab-worker' },
  status: {
    containerStatuses: [
      {
        name: 'coredns',
        ready: false,
        restartCount: 7,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ],
  },
};
const event = (change: object) => ({ involvedObject: {}, metadata: {}, type: 'Warning', ...change });

interface Said {
  readonly status?: number;
  readonly body: unknown;
}

/** An API that says what it is told, by the end of the path; null: nothing at all. What it was asked. */
async function api(answers: Readonly<Record<string, Said | ((query: URLSearchParams) => Said) | null>>) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    const end = url.pathname.split('/').at(-1) ?? '';
    calls.push(`${end}?${decodeURIComponent(url.searchParams.toString())}`);
    const answer = answers[end];
    if (answer === null || answer === undefined) return;
    const { status = 200, body } = typeof answer === 'function' ? answer(url.searchParams) : answer;
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
    response.end(isText ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const port = (server.address() as AddressInfo).port;
  const kubeconfig = JSON.stringify({
    // Without it client-node speaks no plain HTTP.
    clusters: [
      { name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
  return { calls, kubeconfig };
}

const system = { clock: systemClock, scheduler: systemScheduler };

test('of a crash loop the log of the run that crashed, and its events with the newest first', async () => {
  const { calls, kubeconfig } = await api({
    'coredns-1': { body: crashing },
    log: { body: 'plugin/forward: \u001b[31mno nameservers\u001b[0m\n' },
    events: {
      body: {
        items: [
          event({ reason: 'Scheduled', type: 'Normal', eventTime: '2026-01-01T00:00:01.123456Z' }),
          event({ reason: 'BackOff', message: 'm', count: 12, lastTimestamp: '2026-01-01T00:00:09Z' }),
          event({ reason: 'Odd', lastTimestamp: null }),
        ],
      },
    },
  });
  expect(await readPodReport(kubeconfig, place, system)).toEqual({
    pod: 'kube-system/coredns-1',
    node: 'lab-worker',
    containers: [
      {
        name: 'coredns',
        why: 'CrashLoopBackOff',
        message: 'back-off 5m0s',
        exitCode: 1,
        restarts: 7,
        log: 'plugin/forward: no nameservers',
        previous: true,
        problem: null,
      },
    ],
    events: [
      { at: '2026-01-01T00:00:09.000Z', type: 'Warning', reason: 'BackOff', message: 'm', count: 12 },
      { at: '2026-01-01T00:00:01.123Z', type: 'Normal', reason: 'Scheduled', message: '', count: 1 },
      { at: null, type: 'Warning', reason: 'Odd', message: '', count: 1 },
    ],
  });
  expect(calls.find((call) => call.startsWith('log'))).toMatch(
    /container=coredns.*previous=true.*tailLines=200/,
  );
  expect(calls.find((call) => call.startsWith('events'))).toContain(
    'fieldSelector=involvedObject.name=coredns-1,involvedObject.uid=u1',
  );
});

test('lines that are too long for all of them: fewer, and the newest among them', async () => {
  const long = 'x'.repeat(15_000);
  const { kubeconfig, calls } = await api({
    'coredns-1': { body: crashing },
    log: (query) => {
      const lines = Number(query.get('tailLines'));
      const all = Array.from({ length: lines }, (_, n) => `${lines - n} ${long}`).join('\n');
      return { body: all.slice(0, Number(query.get('limitBytes'))) };
    },
    events: { body: { items: [] } },
  });
  const report = await readPodReport(kubeconfig, place, system);
  expect(calls.filter((call) => call.startsWith('log'))).toHaveLength(3);
  expect(report).toMatchObject({ containers: [{ log: expect.stringContaining(`1 ${long}`) as string }] });
});

test('what the API refuses is said in its words; the rest is told all the same', async () => {
  const message = 'container "coredns" in pod "coredns-1" is waiting to start';
  const { kubeconfig } = await api({
    'coredns-1': { body: crashing },
    log: { status: 400, body: { kind: 'Status', code: 400, message } },
    events: { status: 403, body: { kind: 'Status', code: 403 } },
  });
  expect(await readPodReport(kubeconfig, place, system)).toMatchObject({
    containers: [{ log: null, problem: message }],
    events: null,
  });
});

test('a pod that is gone, an API that is away, and a kubeconfig that is none, by their names', async () => {
  const { kubeconfig } = await api({ 'coredns-1': { status: 404, body: { code: 404 } } });
  expect(await readPodReport(kubeconfig, place, system)).toBe('gone');
  const away = kubeconfig.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1');
  expect(await readPodReport(away, place, system)).toBe('away');
  expect(await readPodReport(':', place, system)).toBe('noKubeconfig');
});

test('three seconds for all of it: a node that does not give its log takes nothing else along', async () => {
  const { kubeconfig, calls } = await api({
    'coredns-1': { body: crashing },
    log: null,
    events: { body: { items: [event({ reason: 'BackOff' })] } },
  });
  const time = fakeTime();
  const reading = readPodReport(kubeconfig, place, time);
  let isOver = false;
  void reading.then(() => (isOver = true));
  await expect.poll(() => calls.length).toBe(3);
  // Its own limit, and that of the log: the events have come.
  await expect.poll(() => time.pending()).toBe(2);
  await time.advance(2999);
  expect(isOver).toBe(false);
  await time.advance(1);
  expect(await reading).toMatchObject({
    containers: [{ log: null, problem: 'apiSilent' }],
    events: [{ reason: 'BackOff' }],
  });
  expect(time.pending()).toBe(0);
});
