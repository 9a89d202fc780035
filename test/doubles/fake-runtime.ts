import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FakeContainer {
  readonly name: string;
  state: 'running' | 'exited' | 'paused';
  readonly labels?: Readonly<Record<string, string>>;
}

/** Colima, made of an executable and a socket: the machine that the one starts and stops is the other's to answer. */
export interface FakeRuntime {
  /** For the engine: where Docker is, and where the tool. */
  readonly env: Readonly<Record<string, string>>;
  readonly containers: FakeContainer[];
  /** What was asked of the daemon that changes something, and of the tool, in order. */
  readonly acts: string[];
  /** A `docker build` runs in it. */
  building: boolean;
  /** The status with which it meets every question, as one that is paused or starting does; null: it answers. */
  refusing: number | null;
  calls(): string[];
  set(state: 'Running' | 'Stopped' | 'Broken' | 'Absent'): void;
  state(): string;
  close(): Promise<void>;
}

/** A node of kind's. */
export const nodeOf = (cluster: string, state: FakeContainer['state'] = 'running'): FakeContainer => ({
  name: `${cluster}-control-plane`,
  state,
  labels: { 'io.x-k8s.kind.cluster': cluster, 'io.x-k8s.kind.role': 'control-plane' },
});

const INFO = {
  OperatingSystem: 'Ubuntu 24.04.1 LTS',
  Name: 'colima',
  KernelVersion: '6.8.0-50-colima',
  MemTotal: 4_000_000_000,
  NCPU: 2,
};
const GUEST = [
  '01234567-89ab-4cde-8f01-23456789abcd',
  'MemTotal:        3906250 kB',
  'MemFree:         1906250 kB',
].join('\n');

/** kind has a version, and for the rest waits for ever: the clusters here are labels. */
const KIND =
  '#!/bin/sh\n[ "$1" = version ] && echo \'kind v0.33.0 go1.25 linux/amd64\' && exit\nexec sleep 600\n';

export async function fakeRuntime(folder: string): Promise<FakeRuntime> {
  const profile = join(folder, '.colima/default');
  const tools = join(folder, 'bin');
  for (const each of [profile, tools]) mkdirSync(each, { recursive: true });
  copyFileSync(fileURLToPath(new URL('./colima.mjs', import.meta.url)), join(tools, 'colima'));
  chmodSync(join(tools, 'colima'), 0o755);
  writeFileSync(join(tools, 'kind'), KIND, { mode: 0o755 });
  const file = join(folder, 'state');
  const calls = join(folder, 'calls');
  const containers: FakeContainer[] = [];
  const acts: string[] = [];
  const state = (): string => readFileSync(file, 'utf8').trim();
  const runtime: FakeRuntime = {
    env: {
      PATH: `${tools}:${process.env['PATH'] ?? ''}`,
      DOCKER_HOST: `unix://${join(profile, 'docker.sock')}`,
      FAKE_COLIMA: folder,
    },
    containers,
    acts,
    building: false,
    refusing: null,
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    set(next) {
      writeFileSync(file, next);
      const socket = join(profile, 'docker.sock');
      rmSync(socket, { force: true });
      if (next === 'Running') symlinkSync(join(folder, 'daemon.sock'), socket);
    },
    state,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  const server = createServer((request, response) => {
    // The tool has written its word: what was kept open to a machine that is down breaks.
    if (state() !== 'Running') return void request.socket.destroy();
    void serve(runtime, request, response);
  });
  runtime.set('Running');
  await new Promise<void>((resolve) => server.listen(join(folder, 'daemon.sock'), resolve));
  return runtime;
}

/** Of Docker 29: what is older than this is refused. */
const OLDEST_API = 1.44;

async function serve(
  { containers, acts, building, refusing }: FakeRuntime,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://docker');
  const path = url.pathname.replace(/^\/v[\d.]+/, '');
  const [, , name = '', verb] = path.split('/');
  const found = containers.find((container) => container.name === name);
  if (request.method === 'POST' && path.startsWith('/containers/') && verb !== 'exec')
    acts.push(`${verb} ${name}`);
  const answer = (status: number, body?: unknown): void =>
    void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  if (refusing !== null) return answer(refusing, { message: 'not now' });
  const version = /^\/v([\d.]+)/.exec(url.pathname)?.[1];
  if (version !== undefined && Number(version) < OLDEST_API)
    return answer(400, {
      message: `client version ${version} is too old. Minimum supported API version is 1.44`,
    });
  if (path === '/_ping') return answer(200, 'OK');
  if (path === '/info') return answer(200, INFO);
  if (path === '/system/df') return answer(200, { BuildCache: [{ ID: 'layer', InUse: building }] });
  if (path === '/containers/json') return answer(200, listed(containers, url.searchParams.get('filters')));
  if (path.startsWith('/exec/')) return answer(200, GUEST);
  if (found === undefined) return answer(404, { message: `No such container: ${name}` });
  if (verb === 'json') return answer(200, detailOf(found));
  if (verb === 'exec') return answer(201, { Id: 'guest' });
  if (verb === 'start') found.state = 'running';
  if (verb === 'stop') found.state = 'exited';
  return answer(verb === 'update' ? 200 : 204);
}

function listed(containers: readonly FakeContainer[], filters: string | null): unknown[] {
  const { label = [] } = filters === null ? {} : (JSON.parse(filters) as { label?: string[] });
  const has = ({ labels = {} }: FakeContainer): boolean =>
    label.every((one) =>
      Object.entries(labels).some(([key, value]) => one === `${key}=${value}` || one === key),
    );
  return containers.filter(has).map(({ name, state, labels }) => ({
    Id: `${name}-0123456789ab`,
    Created: 1_767_225_600,
    Names: [`/${name}`],
    State: state,
    Labels: labels ?? {},
  }));
}

const detailOf = ({ state }: FakeContainer) => ({
  State: { StartedAt: new Date().toISOString() },
  NetworkSettings: { Networks: { kind: { IPAddress: state === 'running' ? '172.18.0.2' : '' } } },
});
