import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

export async function fakeRuntime(folder: string): Promise<FakeRuntime> {
  const profile = join(folder, '.colima/default');
  const tools = join(folder, 'bin');
  for (const each of [profile, tools]) mkdirSync(each, { recursive: true });
  copyFileSync(fileURLToPath(new URL('./colima.mjs', import.meta.url)), join(tools, 'colima'));
  chmodSync(join(tools, 'colima'), 0o755);
  const file = join(folder, 'state');
  const calls = join(folder, 'calls');
  const socket = join(profile, 'docker.sock');
  const containers: FakeContainer[] = [];
  const acts: string[] = [];
  const state = (): string => readFileSync(file, 'utf8').trim();
  writeFileSync(file, 'Running');
  const server = createServer((request, response) => {
    // The tool has written its word: nothing answers on the socket of a machine that is down.
    if (state() !== 'Running') return void request.socket.destroy();
    void serve(containers, acts, request, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    env: {
      PATH: `${tools}:${process.env['PATH'] ?? ''}`,
      DOCKER_HOST: `unix://${socket}`,
      FAKE_COLIMA: folder,
    },
    containers,
    acts,
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    set: (next) => writeFileSync(file, next),
    state,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

async function serve(
  containers: FakeContainer[],
  acts: string[],
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
  if (path === '/info') return answer(200, INFO);
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
    Names: [`/${name}`],
    State: state,
    Labels: labels ?? {},
  }));
}

const detailOf = ({ state }: FakeContainer) => ({
  State: { StartedAt: new Date().toISOString() },
  NetworkSettings: { Networks: { kind: { IPAddress: state === 'running' ? '172.18.0.2' : '' } } },
});
