import { spawn, type ChildProcess } from 'node:child_process';
import { pause, type Scheduler } from '../../platform/clock.ts';
import type { Home } from '../../platform/home.ts';
import { isAlive, refOf, signal, type ProcessRef } from '../../platform/processes.ts';
import type { ClusterRecord } from '../provider.ts';
import { askNode } from './node-client.ts';
import type { NodeState } from './node-control.ts';
import {
  allNodeRecords,
  newNodeSocket,
  readNodeRecord,
  removeClusterFolder,
  removeNodeRecord,
} from './node-files.ts';
import { nodesOf, type PlannedNode } from './planned-nodes.ts';

export interface NodeName {
  readonly cluster: string;
  readonly name: string;
}

export interface EmbeddedPorts {
  readonly home: Home;
  readonly scheduler: Scheduler;
  /** The node's program: out/engine/embedded-node.js. */
  readonly program: string;
}

const POLL_MS = 50;
const STOP_MS = 5000;

/** Asks a node by the socket that its record names; null when there is no record, or no answer. */
export async function ask(
  ports: EmbeddedPorts,
  node: NodeName,
  method: 'GET' | 'POST',
  path: string,
): Promise<NodeState | null> {
  const record = await readNodeRecord(ports.home, node.cluster, node.name);
  return record === null ? null : askNode(record.socket, method, path);
}

/** What is seen of a node: its answer, or whether its process lives at all. */
export async function lookAt(
  ports: EmbeddedPorts,
  node: NodeName,
): Promise<{ state: NodeState | null; process: 'none' | 'gone' | 'alive' }> {
  const record = await readNodeRecord(ports.home, node.cluster, node.name);
  if (record === null) return { state: null, process: 'none' };
  const state = await askNode(record.socket, 'GET', '/state');
  return { state, process: state !== null || (await isAlive(record)) ? 'alive' : 'gone' };
}

/**
 * Starts the node's process, detached: it outlives this engine, and its argv names the home.
 *
 * @param hostPort where the cluster is reached from this host; the control plane alone opens it
 */
export async function spawnNode(
  ports: EmbeddedPorts,
  cluster: string,
  node: PlannedNode,
  hostPort: number,
): Promise<ChildProcess> {
  const engine = await refOf(process.pid);
  const args = [
    ports.program,
    `--home=${ports.home.root}`,
    `--cluster=${cluster}`,
    `--node=${node.name}`,
    `--pods=${node.pods}`,
    `--socket=${newNodeSocket(ports.home, node.name)}`,
    `--engine-pid=${process.pid}`,
    `--engine-started=${engine?.startedAt ?? ''}`,
    `--host-port=${node.role === 'control-plane' ? hostPort : 0}`,
  ];
  const { PATH, HOME, TMPDIR, ELECTRON_RUN_AS_NODE } = process.env;
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, ELECTRON_RUN_AS_NODE }).filter(([, value]) => value !== undefined),
  );
  const child = spawn(process.execPath, ['--max-old-space-size=64', ...args], {
    detached: true,
    stdio: 'ignore',
    env,
  });
  child.on('error', () => undefined);
  child.unref();
  return child;
}

/** Ends a node that was just born and may not have written its record yet. */
export async function endNewborn(
  ports: EmbeddedPorts,
  cluster: string,
  node: string,
  child: ChildProcess,
): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGKILL')) return;
  await gone;
  await stopNode(ports, cluster, node);
}

/** Polls until `check` holds; false when the signal ended it first. */
export async function until(
  ports: EmbeddedPorts,
  ended: AbortSignal,
  check: () => Promise<boolean>,
): Promise<boolean> {
  while (!ended.aborted) {
    if (await check()) return true;
    await pause(ports.scheduler, POLL_MS, ended);
  }
  return false;
}

/** Stops every node: asked first, then told, then forced. Workers before the control plane. */
export async function stopNodes(ports: EmbeddedPorts, record: ClusterRecord): Promise<void> {
  for (const { name } of nodesOf(record).reverse()) await stopNode(ports, record.name, name);
}

export async function stopNode(ports: EmbeddedPorts, cluster: string, node: string): Promise<void> {
  const known = await readNodeRecord(ports.home, cluster, node);
  if (known !== null) {
    await askNode(known.socket, 'POST', '/stop');
    await endProcess(ports, known);
  }
  await removeNodeRecord(ports.home, cluster, node);
}

async function endProcess(ports: EmbeddedPorts, ref: ProcessRef): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (
      await until(
        ports,
        AbortSignal.timeout(name === 'SIGTERM' ? 1000 : STOP_MS),
        async () => !(await isAlive(ref)),
      )
    )
      return;
    await signal(ref, name);
  }
  await until(ports, AbortSignal.timeout(STOP_MS), async () => !(await isAlive(ref)));
}

/** Ends node processes whose cluster this home no longer knows. Returns their names. */
export async function endOrphans(ports: EmbeddedPorts, owned: readonly ClusterRecord[]): Promise<string[]> {
  const names = new Set(owned.flatMap((record) => nodesOf(record).map(({ name }) => name)));
  const orphans = (await allNodeRecords(ports.home)).filter(({ node }) => !names.has(node));
  for (const { cluster, node } of orphans) await stopNode(ports, cluster, node);
  for (const cluster of new Set(orphans.map((orphan) => orphan.cluster)))
    if (!owned.some(({ name }) => name === cluster)) await removeClusterFolder(ports.home, cluster);
  return orphans.map(({ node }) => node);
}
