import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRig, type Ran, type Rig } from '../engine/tandem.ts';
import { dockerDaemon, type DockerDaemon } from './docker-daemon.ts';
import { fakeKube } from './fake-kube.ts';
import type { FakeKube } from './fake-kube-types.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What the executable is to do (minikube.mjs); the rest it does as the real one. */
export interface Scene {
  /** Between two steps. */
  readonly stepMs?: number;
  /** It goes no further than this step, until it is ended. */
  readonly staysAt?: string;
  /** Its output comes in pieces of so many bytes. */
  readonly pieceBytes?: number;
  readonly failAt?: {
    readonly verb: string;
    readonly step: string;
    readonly exit: number;
    readonly reason: string;
    readonly message: string;
    readonly advice: string;
  };
  /** What the question for a Service by name answers, inside of a machine. */
  readonly named?: 'answered' | 'silent';
}

export interface Called {
  readonly args: readonly string[];
  readonly kubeconfig: string | null;
}

/** A home with an engine, a minikube that replays, and what its clusters are: containers or not, and an API each. */
export interface MinikubeMac {
  readonly rig: Rig;
  /** MINIKUBE_HOME. */
  readonly place: string;
  /** Where the executable is: every process of it names that. */
  readonly tools: string;
  readonly daemon: DockerDaemon;
  scene(scene: Scene): void;
  calls(verb?: string): Called[];
  /** Runs minikube by hand, with the person's own kubeconfig. */
  byHand(...args: string[]): Promise<number | null>;
  /** The API that the cluster of that name will have. */
  api(name: string): Promise<FakeKube>;
  /** What a start proves is withheld until it is asked for: the controller manager leads, DNS is anew. */
  withhold(...what: Proof[]): void;
  close(): Promise<void>;
}
type Proof = 'heartbeat' | 'leader' | 'dns';

const double = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const MADE = 'created_by.minikube.sigs.k8s.io';

interface Told {
  readonly machine: string;
  readonly profile: string;
  readonly driver?: string;
  readonly to: 'Running' | 'Stopped' | 'Paused' | 'Gone';
}

export async function openMinikubeMac(driver: 'docker' | 'vfkit'): Promise<MinikubeMac> {
  const place = temporaryFolder('minikube');
  const tools = join(place, 'tools');
  mkdirSync(tools);
  copyFileSync(double('minikube.mjs'), join(tools, 'minikube'));
  copyFileSync(double('minikube-world.mjs'), join(tools, 'minikube-world.mjs'));
  for (const name of ['docker', 'vfkit']) writeFileSync(join(tools, name), '#!/bin/sh\nexit 1\n');
  for (const name of ['docker', 'vfkit', 'minikube']) chmodSync(join(tools, name), 0o755);
  const daemon = await dockerDaemon();
  daemon.inside = () => 'answered\n';
  const kubes = new Map<string, FakeKube>();
  const all: FakeKube[] = [];
  const withheld = new Set<Proof>();
  const hook = await listening((told) => {
    if (told.driver === 'docker') moved(daemon, told);
    answering(kubes, withheld, told);
  });
  const rig = openRig({
    PATH: `${tools}:${process.env['PATH'] ?? ''}`,
    MINIKUBE_HOME: place,
    DOCKER_HOST: `unix://${daemon.socket}`,
  });
  const servers = () =>
    Object.fromEntries([...kubes].map(([name, { port }]) => [name, `http://127.0.0.1:${port}`]));
  let scene: Scene = {};
  const write = (): void =>
    writeFileSync(
      join(place, 'scene.json'),
      JSON.stringify({ ...scene, hook: hook.url, servers: servers() }),
    );
  write();
  const set = await rig.tandem('settings', 'set', 'cluster.minikubeDriver', driver);
  if (set.code !== 0) throw new Error(set.stderr);
  await rig.startEngine();
  return {
    rig,
    place,
    tools,
    daemon,
    scene(next) {
      scene = next;
      write();
    },
    calls: (verb) => called(place).filter(({ args }) => verb === undefined || args[0] === verb),
    byHand: (...args) => byHand(join(tools, 'minikube'), args, rig.env),
    async api(name) {
      const kube = await fakeKube({ name });
      kube.objects.delete(`/api/v1/nodes/${name}-control-plane`);
      kube.down = true;
      kubes.set(name, kube);
      all.push(kube);
      write();
      return kube;
    },
    withhold(...what) {
      withheld.clear();
      what.forEach((each) => withheld.add(each));
      for (const kube of kubes.values()) if (!kube.down) freshen(kube, withheld);
    },
    async close() {
      await rig.close();
      await Promise.all([daemon.close(), hook.close(), ...all.map((kube) => kube.close())]);
    },
  };
}

/** Words of a create. */
export const createWords = (name: string, ...more: string[]): string[] => [
  'cluster',
  'create',
  name,
  '--provider',
  'minikube',
  ...more,
];

/** What a verb that was refused told, with `--json`. */
export function errorOf({ stderr }: Ran): { code: string; message: string; hint: string } {
  const line = stderr.split('\n').findLast((each) => each.startsWith('{"error')) ?? '{"error":{}}';
  return (JSON.parse(line) as { error: { code: string; message: string; hint: string } }).error;
}

function called(place: string): Called[] {
  const file = join(place, 'calls.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Called);
}

async function byHand(path: string, args: readonly string[], env: Record<string, string>) {
  const { execa } = await import('execa');
  const { exitCode } = await execa(path, args, { env, extendEnv: false, reject: false });
  return exitCode ?? null;
}

/** Hears what becomes of machines, at once and in order. */
async function listening(hear: (told: Told) => void): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      hear(JSON.parse(body) as Told);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

/** A machine of the docker driver is a container, with the labels that minikube gives it. */
function moved(daemon: DockerDaemon, { machine, to }: Told): void {
  const kept = daemon.containers.get(machine);
  if (to === 'Gone') return daemon.remove(machine);
  if (to === 'Stopped') return kept === undefined ? undefined : daemon.set(machine, 'exited');
  if (kept === undefined)
    return daemon.put(machine, { labels: { [MADE]: 'true', 'name.minikube.sigs.k8s.io': machine } });
  if (kept.state !== 'running') {
    kept.startedAt = new Date();
    daemon.set(machine, 'running');
  }
}

/** Its API answers while its control plane runs and is not paused; what it says is of that moment. */
function answering(
  kubes: ReadonlyMap<string, FakeKube>,
  withheld: ReadonlySet<Proof>,
  { machine, profile, to }: Told,
): void {
  const kube = kubes.get(profile);
  if (kube === undefined) return;
  if (machine === profile) kube.down = to !== 'Running';
  if (to !== 'Running') return;
  const labels = machine === profile ? { 'node-role.kubernetes.io/control-plane': '' } : {};
  const path = `/api/v1/nodes/${machine}`;
  if (!kube.objects.has(path)) kube.put(path, { metadata: { name: machine, labels }, status: {} });
  freshen(kube, withheld);
}

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager';

function freshen(kube: FakeKube, withheld: ReadonlySet<Proof>): void {
  const now = new Date().toISOString();
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const at = (proof: Proof): string => (withheld.has(proof) ? hourAgo : now);
  for (const [path, object] of kube.objects)
    if (path.startsWith('/api/v1/nodes/'))
      object['status'] = {
        conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: at('heartbeat') }],
      };
  kube.put(LEASE, { spec: { acquireTime: at('leader') } });
  const dns = '/api/v1/namespaces/kube-system/pods/coredns';
  const before = kube.objects.get(dns);
  kube.put(dns, {
    ...before,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ state: { running: { startedAt: at('dns') } } }],
    },
  });
}
