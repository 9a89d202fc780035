import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detail, labelIn, listed } from './docker-daemon-views.ts';

export interface Kept {
  /** Another one for each container that was ever made. */
  readonly id: string;
  readonly createdAt: Date;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly bindings: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[]>>;
  state: 'running' | 'exited' | 'paused';
  policy: string;
  exitCode: number;
  startedAt: Date;
  address: string;
  /** What its main process said. */
  log: string;
}

export interface ContainerParts {
  readonly cluster?: string;
  readonly role?: 'control-plane' | 'worker';
  readonly image?: string;
  /** `PORT/PROTOCOL` inside to the port of this machine, on loopback. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly state?: Kept['state'];
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A Docker daemon that is its socket and a list: what it answers and does is what the recordings of kind show (notes 8, 15,
 * 16, 18, 19): addresses in the order of the starts, exit codes 130 and 137, nodes that come up again with the daemon.
 */
export interface DockerDaemon {
  /** Of another daemon, as one gets with another context. */
  id: string;
  readonly socket: string;
  readonly containers: ReadonlyMap<string, Kept>;
  /** `METHOD PATH` of every request, without the version. */
  readonly requests: readonly string[];
  readonly images: Set<string>;
  /** Labels of its networks, by name. */
  readonly networks: Map<string, Readonly<Record<string, string>>>;
  /** Ports of this machine that a process holds: what wants one of them does not start. */
  readonly takenPorts: Set<number>;
  /** What a shell inside a container prints. */
  inside: (container: string, script: string) => string;
  /** Nodes that end this soon after their start, with what they say. */
  readonly doomed: Map<string, string>;
  put(name: string, parts: ContainerParts): void;
  /** By somebody's hand. */
  set(name: string, state: Kept['state']): void;
  remove(name: string): void;
  goDown(): Promise<void>;
  /** As a daemon comes up: what failed and may be restarted runs again (note 15). */
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

export async function dockerDaemon(): Promise<DockerDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-docker-'));
  const socket = join(folder, 'docker.sock');
  const containers = new Map<string, Kept>();
  const requests: string[] = [];
  const listeners = new Map<ServerResponse, string>();
  let server: Server | null = null;
  const tell = (Action: string, { name, labels }: Kept): void => {
    const line = { Type: 'container', Action, Actor: { Attributes: { ...labels, name } } };
    for (const [listener, label] of listeners)
      if (label === '' || label in labels) listener.write(`${JSON.stringify(line)}\n`);
  };
  const scene: Scene = {
    containers,
    listeners,
    images: new Set(),
    networks: new Map(),
    takenPorts: new Set(),
    doomed: new Map(),
    inside: () => '',
    id: 'the-daemon',
    made: 0,
    tell,
  };
  async function comeUp(): Promise<void> {
    for (const kept of containers.values())
      if (kept.policy !== 'no' && kept.state === 'exited' && kept.exitCode !== 0) begin(scene, kept);
    server = createServer((request, response) => {
      requests.push(`${request.method} ${pathOf(request)}`);
      void answer(scene, request, response);
    });
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
  }
  async function goDown(): Promise<void> {
    listeners.clear();
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
    server = null;
  }
  const daemon: DockerDaemon = {
    ...scene,
    socket,
    requests,
    get id() {
      return scene.id;
    },
    set id(id) {
      scene.id = id;
    },
    get inside() {
      return scene.inside;
    },
    set inside(script) {
      scene.inside = script;
    },
    put: (name, parts) => containers.set(name, madeOf(scene, name, parts)),
    set(name, state) {
      const kept = containers.get(name) as Kept;
      const before = kept.state;
      kept.state = state;
      if (state === 'exited') kept.exitCode = 137;
      tell(
        state === 'paused' ? 'pause' : state === 'exited' ? 'die' : before === 'paused' ? 'unpause' : 'start',
        kept,
      );
    },
    remove(name) {
      const kept = containers.get(name);
      containers.delete(name);
      if (kept !== undefined) tell('destroy', kept);
    },
    goDown,
    comeUp,
    async close() {
      await goDown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await comeUp();
  return daemon;
}

interface Scene extends Pick<
  DockerDaemon,
  'id' | 'images' | 'networks' | 'takenPorts' | 'doomed' | 'inside'
> {
  readonly containers: Map<string, Kept>;
  made: number;
  /** Who hears its events, and of which label. */
  readonly listeners: Map<ServerResponse, string>;
  tell(action: string, kept: Kept): void;
}

function madeOf(scene: Scene, name: string, parts: ContainerParts): Kept {
  const { cluster, role, ports = {}, state = 'running', labels = {} } = parts;
  scene.made += 1;
  return {
    id: `container-${scene.made}`,
    createdAt: new Date(),
    name,
    labels: {
      ...(cluster === undefined ? {} : { 'io.x-k8s.kind.cluster': cluster }),
      ...(role === undefined ? {} : { 'io.x-k8s.kind.role': role }),
      ...labels,
    },
    image: parts.image ?? 'example/node:1',
    bindings: Object.fromEntries(
      Object.entries(ports).map(([inside, port]) => [
        inside,
        [{ HostIp: '127.0.0.1', HostPort: String(port) }],
      ]),
    ),
    state,
    policy: 'on-failure',
    exitCode: state === 'exited' ? 137 : 0,
    startedAt: new Date(),
    address: state === 'exited' ? '' : freeAddress(scene),
    log: '',
  };
}

/** The lowest that is free (note 18). */
function freeAddress({ containers }: Scene): string {
  const used = new Set([...containers.values()].map(({ address }) => address));
  for (let host = 2; ; host += 1) if (!used.has(`172.18.0.${host}`)) return `172.18.0.${host}`;
}

/** Docker's message when it cannot; null: it runs. */
function begin(scene: Scene, kept: Kept): string | null {
  const port = portsOf(kept).find((wanted) => scene.takenPorts.has(wanted));
  if (port !== undefined)
    return `driver failed programming external connectivity on endpoint ${kept.name} (23795): Error starting userland proxy: listen tcp4 127.0.0.1:${port}: bind: address already in use`;
  const lastWords = scene.doomed.get(kept.name);
  const address = freeAddress(scene);
  Object.assign(kept, { state: 'running', exitCode: 0, startedAt: new Date(), address });
  scene.tell('start', kept);
  if (lastWords === undefined) return null;
  Object.assign(kept, { state: 'exited', exitCode: 1, address: '', log: lastWords });
  scene.tell('die', kept);
  return null;
}

function end(scene: Scene, kept: Kept): void {
  // A worker heeds its stop signal; a control plane never does (note 16).
  const exitCode = kept.labels['io.x-k8s.kind.role'] === 'control-plane' ? 137 : 130;
  Object.assign(kept, { state: 'exited', exitCode, address: '' });
  scene.tell('die', kept);
}

const portsOf = ({ bindings }: Kept): number[] =>
  Object.values(bindings).flatMap((bound) => bound.map(({ HostPort }) => Number(HostPort)));
const pathOf = (request: IncomingMessage): string => (request.url ?? '/').replace(/^\/v[\d.]+/, '');

async function answer(scene: Scene, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(pathOf(request), 'http://docker');
  if (url.pathname === '/events') {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    return void scene.listeners.set(response, labelIn(url));
  }
  const { status, body } = route(scene, request.method ?? 'GET', url, text);
  response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
}

type Reply = { readonly status: number; readonly body: unknown };
const found = (body: unknown): Reply => ({ status: 200, body });
const done: Reply = { status: 204, body: '' };
const refused = (status: number, message: string): Reply => ({ status, body: { message } });

function route(scene: Scene, method: string, url: URL, text: string): Reply {
  const path = url.pathname;
  if (path === '/_ping') return found('OK');
  if (path === '/info')
    return found({
      ID: scene.id,
      SystemTime: new Date().toISOString(),
      MemTotal: 8 * 2 ** 30,
      DockerRootDir: '/nowhere',
      Name: 'elsewhere',
    });
  if (path === '/containers/json') return found(listed(scene.containers, url));
  const [, room = '', name = '', verb = ''] = path.split('/').map(decodeURIComponent);
  if (room === 'images')
    return scene.images.has(name) ? found({ Id: name }) : refused(404, `No such image: ${name}`);
  if (room === 'networks') return network(scene, method, name, text);
  if (room === 'exec') return found(scene.inside(...(JSON.parse(name) as [string, string])));
  const kept = scene.containers.get(name);
  if (kept === undefined) return refused(404, `No such container: ${name}`);
  return ofContainer(scene, kept, verb, text);
}

function ofContainer(scene: Scene, kept: Kept, verb: string, text: string): Reply {
  switch (verb) {
    case 'json':
      return found(detail(kept));
    case 'logs':
      return found(kept.log);
    case 'update':
      kept.policy = (JSON.parse(text) as { RestartPolicy: { Name: string } }).RestartPolicy.Name;
      return found({ Warnings: null });
    case 'start': {
      if (kept.state === 'paused') return refused(409, 'cannot start a paused container');
      if (kept.state === 'running') return { status: 304, body: '' };
      const message = begin(scene, kept);
      return message === null ? done : refused(500, message);
    }
    case 'unpause':
      if (kept.state !== 'paused') return refused(409, `Container ${kept.name} is not paused`);
      kept.state = 'running';
      scene.tell('unpause', kept);
      return done;
    case 'stop':
      if (kept.state === 'exited') return { status: 304, body: '' };
      end(scene, kept);
      return done;
    case 'exec': {
      const { Cmd } = JSON.parse(text) as { Cmd: readonly string[] };
      return { status: 201, body: { Id: encodeURIComponent(JSON.stringify([kept.name, Cmd.at(-1)])) } };
    }
    default:
      return refused(404, 'page not found');
  }
}

function network({ networks }: Scene, method: string, name: string, text: string): Reply {
  if (name === 'create') {
    const { Name, Labels } = JSON.parse(text) as { Name: string; Labels?: Record<string, string> };
    networks.set(Name, Labels ?? {});
    return { status: 201, body: { Id: Name } };
  }
  const labels = networks.get(name);
  if (labels === undefined) return refused(404, `network ${name} not found`);
  if (method === 'DELETE') networks.delete(name);
  return method === 'DELETE' ? done : found({ Labels: labels });
}
