import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../src-demo/free-ports.ts';
import { openAuthority, serviceAccountKeys, type Authority, type Pem } from './certificates.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import {
  apiArgs,
  etcdArgs,
  kwokArgs,
  managerArgs,
  nodeObject,
  portNames,
  schedulerArgs,
  type PlaneFiles,
  type Ports,
} from './plane-programs.ts';
import { programFolders, programOf } from './programs.ts';

/** A real control plane of its own on free ports of 127.0.0.1, and nodes that kwok plays. */
export interface Plane {
  readonly name: string;
  /** Temporary, 0700, gone afterwards. */
  readonly folder: string;
  /** Of the cluster's admin; its text is `kubeconfig`. */
  readonly kubeconfigFile: string;
  readonly kubeconfig: string;
  readonly server: string;
  readonly authority: Authority;
  readonly admin: Pem;
  /** Trimmed standard output; rejects with what it said on standard error. */
  kubectl(...args: string[]): Promise<string>;
  /** `kubectl get … -o json`. */
  get(...args: string[]): Promise<unknown>;
  /** By server-side apply. */
  apply(...objects: object[]): Promise<void>;
  applyCrds(set: 'gateway-api' | 'mcs-api'): Promise<void>;
  /** Kills the API server; etcd keeps everything. */
  stopApi(): Promise<void>;
  /** The same again; resolves when it is ready. */
  startApi(): Promise<void>;
  dispose(): Promise<void>;
}

const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
const READY_MS = 120_000;
const POLL_MS = 100;
const LONGEST_OUTPUT = 256 * 1024 * 1024;

/** @param nodes how many kwok plays: NAME-1, NAME-2, … */
export async function openPlane(name: string, { nodes = 2 }: { nodes?: number } = {}): Promise<Plane> {
  const folder = mkdtempSync(join(tmpdir(), `tandem-kube-${name}-`));
  const running = new Map<string, ChildProcess>();
  const dispose = async (): Promise<void> => {
    // etcd last: whoever writes to it complains otherwise.
    for (const one of [...running.keys()].reverse()) await end(running, one);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  try {
    return await bringUp(name, folder, nodes, running, dispose);
  } catch (error) {
    const logs = programs.map((one) => `${one}: ${lastLines(join(folder, `${one}.log`))}`);
    await dispose();
    throw new Error(`the plane ${name} did not come up: ${String(error)}\n${logs.join('\n')}`, {
      cause: error,
    });
  }
}

async function bringUp(
  name: string,
  folder: string,
  nodes: number,
  running: Map<string, ChildProcess>,
  dispose: () => Promise<void>,
): Promise<Plane> {
  const { files, authority, admin, ports } = await layOut(name, folder);
  const start = (program: string, args: readonly string[]): void => begin(running, folder, program, args);
  const plane = planeOver(files, authority, admin, ports);
  const startApi = async (): Promise<void> => {
    start('kube-apiserver', apiArgs(files, ports));
    await until(
      'the API',
      READY_MS,
      () => isReady(plane),
      () => running.has('kube-apiserver'),
    );
  };
  start('etcd', etcdArgs(files, ports));
  await startApi();
  start('kube-controller-manager', managerArgs(files, ports));
  start('kube-scheduler', schedulerArgs(files, ports));
  start('kwok', kwokArgs(files, ports));
  await plane.apply(...Array.from({ length: nodes }, (_, at) => nodeObject(`${name}-${at + 1}`)));
  // "wait" with no node at all is a failure.
  if (nodes > 0) await plane.kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=60s');
  const hasAccount = () => plane.kubectl('get', 'serviceaccount', 'default').then(Boolean, () => false);
  await until('the controller manager', READY_MS, hasAccount, () => running.has('kube-controller-manager'));
  return { ...plane, startApi, stopApi: () => end(running, 'kube-apiserver', 'SIGKILL'), dispose };
}

/** Ports, certificates and kubeconfigs of a plane. */
async function layOut(name: string, folder: string) {
  const found = await freePorts(portNames.length);
  const ports = Object.fromEntries(portNames.map((port, at) => [port, found[at]])) as unknown as Ports;
  const pki = join(folder, 'pki');
  mkdirSync(pki, { mode: 0o700 });
  const authority = await openAuthority(pki, name);
  const client = (file: string, subject: string) => authority.issue(file, { subject, usage: 'clientAuth' });
  const names = 'IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc';
  const [server, admin, manager, scheduler] = await Promise.all([
    authority.issue('server', { subject: '/CN=kube-apiserver', usage: 'serverAuth', names }),
    client('admin', '/O=system:masters/CN=admin'),
    client('manager', '/CN=system:kube-controller-manager'),
    client('scheduler', '/CN=system:kube-scheduler'),
  ]);
  const address = `https://127.0.0.1:${ports.api}`;
  const written = async (user: string, pem: Pem): Promise<string> => {
    const file = join(folder, `${user}.kubeconfig`);
    await writeFile(file, kubeconfigFor(name, address, authority.cert, pem), { mode: 0o600 });
    return file;
  };
  const users = {
    admin: await written('admin', admin),
    manager: await written('manager', manager),
    scheduler: await written('scheduler', scheduler),
  };
  const files: PlaneFiles = {
    name,
    folder,
    server,
    users,
    authorityFile: authority.certFile,
    authorityKeyFile: authority.keyFile,
    serviceAccount: await serviceAccountKeys(pki),
    stagesFile: join(programFolders().kwok, 'stages.yaml'),
  };
  return { files, authority, admin, ports };
}

/** What is asked of a plane with kubectl. */
function planeOver(files: PlaneFiles, authority: Authority, admin: Pem, ports: Ports) {
  const { name, folder, users } = files;
  const kubectlWith = (input: string | null, args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { maxBuffer: LONGEST_OUTPUT, env: { ...process.env, KUBECONFIG: users.admin } };
      const child = execFile(programOf('kubectl'), args, options, (error, stdout, stderr) =>
        error === null
          ? resolve(stdout.trim())
          : reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`, { cause: error })),
      );
      child.stdin?.end(input ?? '');
    });
  const kubectl = (...args: string[]): Promise<string> => kubectlWith(null, args);
  return {
    name,
    folder,
    kubeconfigFile: users.admin,
    kubeconfig: readFileSync(users.admin, 'utf8'),
    server: `https://127.0.0.1:${ports.api}`,
    authority,
    admin,
    kubectl,
    get: async (...args: string[]) => JSON.parse(await kubectl('get', ...args, '-o', 'json')) as unknown,
    async apply(...items: object[]) {
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      if (items.length > 0) await kubectlWith(list, ['apply', '--server-side', '-f', '-']);
    },
    async applyCrds(set: 'gateway-api' | 'mcs-api') {
      const from = join(programFolders().crds, set);
      await kubectl('apply', '--server-side', '-f', from);
      // Beside CRDs the folder holds a policy, which is never established.
      await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
    },
  };
}

function begin(
  running: Map<string, ChildProcess>,
  folder: string,
  program: string,
  args: readonly string[],
): void {
  const log = openSync(join(folder, `${program}.log`), 'a');
  // Of this process's group, so that whoever ends the tests ends them too.
  const child = spawn(programOf(program), args, { stdio: ['ignore', log, log], cwd: folder });
  closeSync(log);
  running.set(program, child);
  child.once('error', () => running.delete(program));
  child.once('exit', () => running.get(program) === child && running.delete(program));
}

async function end(
  running: Map<string, ChildProcess>,
  program: string,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  const child = running.get(program);
  if (child === undefined || child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
  running.delete(program);
}

/** `/readyz`, asked as the admin. */
function isReady({
  server,
  authority,
  admin,
}: Pick<Plane, 'server' | 'authority' | 'admin'>): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { ca: authority.cert, cert: admin.cert, key: admin.key, timeout: 2000, agent: false };
    const asked = request(`${server}/readyz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

async function until(
  what: string,
  limitMs: number,
  holds: () => Promise<boolean>,
  lives: () => boolean,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (!lives()) throw new Error(`${what} ended by itself`);
    if (performance.now() > endMs) throw new Error(`${what} was not ready after ${limitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    return '';
  }
}
