import { ok } from '../../../src-shared/errors/result.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { ProviderStatus } from '../../../src-shared/world/clusters.ts';
import type { Disposable } from '../../platform/clock.ts';
import type { ContainerEvent, DockerListener } from '../docker/docker-events.ts';
import type { ClusterProvider, ClusterRecord } from '../provider.ts';
import { onceFound } from '../once-found.ts';
import { adoptKind, kindClusters, type PortsOfSettings } from './kind-adopt.ts';
import type { KindHands } from './kind-hands.ts';
import { CLUSTER_LABEL, kindNodes, observeKind } from './kind-observe.ts';
import { planOf } from './kind-plan.ts';
import { fetchKubeconfig } from './kind-tool.ts';

const PROBE_MS = 10_000;

const KUBECONFIG_MS = 15_000;

export interface KindNeeds {
  /** Of the settings, for a cluster that publishes no NodePort. */
  ports(): PortsOfSettings;
  /** Hears what happens to kind's nodes. */
  listen(listener: DockerListener): Disposable;
}

/**
 * Real clusters in Docker, made by kind. Starting and stopping is ours: kind has neither.
 *
 * @param memoryMegabytes what a cluster is expected to hold, from the settings
 */
export function kindProvider(
  hands: KindHands,
  memoryMegabytes: () => number,
  { ports, listen }: KindNeeds,
): ClusterProvider {
  const version = onceFound(() => readVersion(hands));
  return {
    name: 'kind',
    status: () => status(hands, version),
    observe: (record) => observeKind(hands, record),
    plan: (verb, record) => planOf(hands, verb, record),
    async kubeconfig(record) {
      const text = await hands.files.kubeconfigText(record.name);
      return text === null ? fetchKubeconfig(hands, record, AbortSignal.timeout(KUBECONFIG_MS)) : ok(text);
    },
    async memoryNeed(record) {
      const needBytes = memoryMegabytes() * MIB;
      const { state } = await observeKind(hands, record);
      const held = state === 'running' || state === 'degraded' || state === 'starting';
      return { needBytes, touchedBytes: held ? needBytes : 0 };
    },
    isLeftOf: (record, begunAt) => isLeftOf(hands, record, begunAt),
    // Every other kind cluster belongs to somebody else.
    endOrphans: async () => [],
    all: () => kindClusters(hands),
    adopt: (name, createdAt) => adoptKind(hands, name, createdAt, ports()),
    watch: (changed) =>
      listen({ happened: (event) => noticed(hands, event, changed), reached: () => changed(null) }),
  };
}

/** The longest that a create may take: a pull, and kind itself. */
const LONGEST_CREATE_MS = 60 * 60_000;

/** By the containers that it noted; where it never came so far, by when what stands there now was made. */
async function isLeftOf(
  { docker, files }: KindHands,
  { name }: Pick<ClusterRecord, 'name'>,
  begunAt: Date,
): Promise<boolean> {
  const [{ made }, nodes] = [await files.kept(name), await kindNodes(docker, name)];
  if (!nodes.ok || nodes.value.length === 0) return true;
  if (made.length > 0) return nodes.value.some(({ id }) => made.includes(id));
  // Docker tells whole seconds.
  const fromMs = Math.floor(begunAt.getTime() / 1000) * 1000;
  return nodes.value.every(
    ({ createdAt }) => createdAt.getTime() >= fromMs && createdAt.getTime() - fromMs < LONGEST_CREATE_MS,
  );
}

/** What changes a state. Docker tells much more, such as every process that is run inside a node. */
const telling: readonly string[] = ['start', 'die', 'pause', 'unpause', 'destroy'];

function noticed(
  { memory, clock }: KindHands,
  { action, labels }: ContainerEvent,
  changed: (name: string) => void,
): void {
  const name = labels[CLUSTER_LABEL];
  if (name === undefined || !telling.includes(action)) return;
  // By whose hand it was woken makes no difference: what it told before is old.
  if (action === 'unpause') memory.wokenAt.set(name, clock.wall());
  changed(name);
}

async function status({ docker }: KindHands, version: () => Promise<string | null>): Promise<ProviderStatus> {
  const found = await version();
  if (found === null) return { provider: 'kind', available: false, version: null, why: 'kindMissing' };
  const up = await docker.ping();
  return { provider: 'kind', available: up, version: found, why: up ? null : 'dockerDown' };
}

async function readVersion({ tools }: KindHands): Promise<string | null> {
  const path = await tools.find('kind');
  if (path === null) return null;
  const { stdout } = await tools.run(path, ['version'], { timeoutMs: PROBE_MS });
  return /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown';
}
