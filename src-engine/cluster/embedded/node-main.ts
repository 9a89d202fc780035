// A node of the built-in demo cluster: a process of its own, so that starting, stopping and crashing are real.
import { readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { homeAt } from '../../platform/home.ts';
import { isAlive, refOf } from '../../platform/processes.ts';
import { openControl } from './node-control.ts';
import { followEndpoints } from './endpoints.ts';
import { removeNodeRecord, writeNodeRecord } from './node-files.ts';
import { startPod } from './pod.ts';
import { openServicePort } from './service-port.ts';

/** Ends itself after ten minutes without an engine (design decision 5). */
const ENGINE_CHECK_MS = 15_000;
const MAX_MS_WITHOUT_ENGINE = 10 * 60_000;

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: {
    home: text,
    cluster: text,
    node: text,
    pods: text,
    socket: text,
    'engine-pid': text,
    'engine-started': text,
    'host-port': { type: 'string', default: '0' },
  },
});
process.umask(0o077);
const home = homeAt(values.home);
const { cluster, node, socket } = values;

async function leave(code: number): Promise<never> {
  await removeNodeRecord(home, cluster, node);
  process.exit(code);
}

async function engineAnswers(): Promise<boolean> {
  // The home's own path is a link where it would be too long; each engine may put the target elsewhere.
  const path = await readlink(home.socket).catch(() => home.socket);
  return new Promise((resolve) => {
    const door = connect(path);
    door.once('connect', () => {
      door.destroy();
      resolve(true);
    });
    door.once('error', () => resolve(false));
  });
}

async function main(): Promise<void> {
  const self = await refOf(process.pid);
  await writeNodeRecord(home, { cluster, node, pid: process.pid, startedAt: self?.startedAt ?? '', socket });
  // Written first, asked second: an engine that died before it could see the record finds no orphan later.
  if (!(await isAlive({ pid: Number(values['engine-pid']), startedAt: values['engine-started'] })))
    await leave(3);
  const pods = await Promise.all(
    Array.from({ length: Number(values.pods) }, (_none, index) =>
      startPod(`${cluster}-web-${node}-${index + 1}`, node, cluster),
    ),
  );
  const hostPort = Number(values['host-port']);
  const endpoints = followEndpoints(hostPort === 0 ? null : { home, cluster, node, pods });
  const service = openServicePort(hostPort, endpoints.ready);
  const end = (): void => {
    endpoints.dispose();
    service.close();
    for (const pod of pods) pod.close();
    void leave(0);
  };
  await openControl({ socket, node, pods, service, stop: () => setImmediate(end) });
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  let lastSeenMs = performance.now();
  setInterval(() => {
    void engineAnswers().then((answers) => {
      if (answers) lastSeenMs = performance.now();
      else if (performance.now() - lastSeenMs > MAX_MS_WITHOUT_ENGINE) end();
    });
  }, ENGINE_CHECK_MS);
}

void main().catch(() => leave(1));
