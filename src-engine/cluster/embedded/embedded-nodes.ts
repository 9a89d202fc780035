import { spawn } from 'node:child_process';
import { pause, type Scheduler } from '../../platform/clock.ts';
import type { Home } from '../../platform/home.ts';
import { isAlive, refOf, signal, type ProcessRef } from '../../platform/processes.ts';
import type { ClusterRecord } from '../provider.ts';
import { askNode } from './node-client.ts';
import type { NodeState } from './node-control.ts';
import {
  allNodeRecords,
  nodeSocket,
  readNodeRecord,
  removeClusterFolder,
  removeNodeRecord,
} from './node-files.ts';
import { nodesOf, type PlannedNode } from './planned-nodes.ts';

export interface EmbeddedPorts {
  readonly home: Home;
  readonly scheduler: Scheduler;
  /** The node's program: out/engine/embedded-node.js. */
  readonly program: string;
}

const POLL_MS = 50;
const STOP_MS = 5000;

export function stateOf(ports: EmbeddedPorts, node: string): Promise<NodeState | null> {
  return askNode(nodeSocket(ports.home, node), 'GET', '/state');
}

/** Starts the node's process, detached: it outlives this engine, and its argv names the home. */
export async function spawnNode(
  ports: EmbeddedPorts,
  cluster: string,
  node: PlannedNode,
): Promise<number | undefined> {
  const engine = await refOf(process.pid);
  const args = [
    ports.program,
    `--home=${ports.home.root}`,
    `--cluster=${cluster}`,
    `--node=${node.name}`,
    `--pods=${node.pods}`,
    `--engine-pid=${process.pid}`,
    `--engine-started=${engine?.startedAt ?? ''}`,
  ];
  const { PATH, HOME, ELECTRON_RUN_AS_NODE } = process.env;
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, ELECTRON_RUN_AS_NODE }).filter(([, value]) => value !== undefined),
  );
  const child = spawn(process.execPath, ['--max-old-space-size=64', ...args], {
    detached: true,
    stdio: 'ignore',
    env,
  });
  child.on('error', () => undefined);
  child.unref();
  return child.pid;
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

async function stopNode(ports: EmbeddedPorts, cluster: string, node: string): Promise<void> {
  const known = await readNodeRecord(ports.home, cluster, node);
  if (known !== null) {
    await askNode(nodeSocket(ports.home, node), 'POST', '/stop');
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
