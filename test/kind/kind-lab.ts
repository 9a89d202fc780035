import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { freePorts } from '../../src-demo/free-ports.ts';
import { eventually, openRig, type Ran, type Rig } from '../engine/tandem.ts';
import { watchEngine, type Watch } from '../rig/net/watch.ts';
import { deleteCluster, docker, run, tools, toolsEnv } from './tools.ts';

export const MINUTE_MS = 60_000;

/** One home with an engine, and clusters of its own on the real kind. */
export interface KindLab {
  readonly rig: Rig;
  readonly hostPort: number;
  /** Words of a create with the rig's image. */
  create(name: string, ...more: string[]): string[];
  /** `NODE STATE` of a cluster's containers, sorted. */
  containers(name: string): Promise<string[]>;
  kubectl(name: string, ...args: string[]): Promise<string>;
  /** Applies rig/hello.yaml and waits until its pods are ready. */
  hello(name: string): Promise<void>;
  /** Whether a pod of `hello` reaches its own Service by name, asked from outside through the published port. */
  answersByName(): Promise<boolean>;
  /** Hears the World of the engine that runs now. */
  watch(): Promise<Watch>;
  close(): Promise<void>;
}

export async function openKindLab(...clusters: string[]): Promise<KindLab> {
  const rig = openRig(toolsEnv);
  const [hostPort = 0] = await freePorts(1);
  writeFileSync(join(rig.home, 'engine.json'), JSON.stringify({ cluster: { hostPort } }), { mode: 0o600 });
  await rig.startEngine();
  const watches: Watch[] = [];
  const kubeconfig = (name: string): string => join(rig.home, 'clusters/kind', `${name}.kubeconfig`);
  const kubectl = async (name: string, ...args: string[]): Promise<string> =>
    (await run(tools.kubectl, ['--kubeconfig', kubeconfig(name), ...args])).stdout.trim();
  return {
    rig,
    hostPort,
    create: (name, ...more) => [
      'cluster',
      'create',
      name,
      '--provider',
      'kind',
      '--image',
      tools.nodeImage,
      ...more,
    ],
    containers,
    kubectl,
    async hello(name) {
      const text = readFileSync(inRig('hello.yaml'), 'utf8');
      const file = join(rig.home, 'hello.yaml');
      writeFileSync(file, text.replaceAll('@CLUSTER@', name));
      await kubectl(name, 'apply', '-f', file);
      await kubectl(name, 'rollout', 'status', 'deployment/hello', '--timeout=90s');
    },
    answersByName: () =>
      answers(`http://127.0.0.1:${hostPort}/fetch?url=http://hello.default.svc.cluster.local/`),
    async watch() {
      const watch = await watchEngine(rig.home);
      watches.push(watch);
      return watch;
    },
    async close() {
      for (const watch of watches) watch.close();
      for (const name of clusters) await deleteCluster(name);
      await rig.close();
    },
  };
}

export async function containers(name: string): Promise<string[]> {
  const label = `label=io.x-k8s.kind.cluster=${name}`;
  const listed = await docker('ps', '-a', '--filter', label, '--format', '{{.Names}} {{.State}}');
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

/** By a connection of its own: one that is kept stays with the pod that it came to. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false, signal: AbortSignal.timeout(3000) }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(answer.statusCode === 200 && text.startsWith('hello from')));
      answer.on('error', () => resolve(false));
    });
    asked.on('error', () => resolve(false));
  });
}

/** The error that a refused or failed verb printed. */
export function errorOf({ stderr }: Ran): { code: string; message: string; hint: string } {
  const line = stderr.split('\n').findLast((each) => each.startsWith('{"error'));
  if (line === undefined) throw new Error(`no error in: ${stderr}`);
  return (JSON.parse(line) as { error: { code: string; message: string; hint: string } }).error;
}

/** Waits until a cluster with no operation on it is in that state; why it is. */
export async function settled(rig: Rig, name: string, state: Cluster['state']): Promise<string | null> {
  const seen = await eventually(
    `${name} ${state}`,
    async () => {
      const cluster = await rig.cluster(name);
      return cluster?.state === state && cluster.operation === null ? cluster : null;
    },
    3 * MINUTE_MS,
  );
  return seen.why;
}

/** A process of this test that holds a port of loopback. */
export function holdPort(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

export const letGo = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()));

/** From the project's root, where tests and benchmarks run: a bundle has no place of its own. */
const inRig = (name: string): string => resolve('test/kind/rig', name);

/** The rig's daemon goes; its clusters stay. False: the daemon here is somebody else's, and runs on. */
export async function daemonDown(): Promise<boolean> {
  const { stderr } = await run('bash', [inRig('down.sh'), '--keep-clusters']);
  return /dockerd \(pid \d+\) stopped/.test(stderr);
}

export async function daemonUp(): Promise<void> {
  await run('bash', [inRig('up.sh')], { maxBuffer: 64 * 1024 * 1024 });
}
