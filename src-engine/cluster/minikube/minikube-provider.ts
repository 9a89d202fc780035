import { ok } from '../../../src-shared/errors/result.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { ClusterState, ClusterVerb, ProviderStatus } from '../../../src-shared/world/clusters.ts';
import type { Disposable } from '../../platform/clock.ts';
import type { ContainerEvent, DockerListener } from '../docker/docker-events.ts';
import { onceFound } from '../once-found.ts';
import type { ClusterProvider, ClusterRecord, MemoryNeed } from '../provider.ts';
import type { Need } from '../runtime/runtime-first.ts';
import { adoptMinikube, minikubeClusters } from './minikube-adopt.ts';
import { nodeMegabytes } from './minikube-args.ts';
import { needOf } from './minikube-driver.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { MACHINE_LABEL } from './minikube-machine.ts';
import { observeMinikube } from './minikube-observe.ts';
import { driverNow, planOf } from './minikube-plan.ts';
import { fetchKubeconfig } from './minikube-tool.ts';

const VERSION_MS = 10_000;
const KUBECONFIG_MS = 15_000;

export interface MinikubeNeeds {
  /** Hears what happens to minikube's containers (`MADE_LABEL`). */
  listen(listener: DockerListener): Disposable;
}

/** Real clusters in a container or a VM, made, started and stopped by minikube. */
export function minikubeProvider(hands: MinikubeHands, { listen }: MinikubeNeeds): ClusterProvider {
  const version = onceFound(() => readVersion(hands));
  return {
    name: 'minikube',
    async status(): Promise<ProviderStatus> {
      const found = await version();
      const why = found === null ? 'minikubeMissing' : null;
      return { provider: 'minikube', available: found !== null, version: found, why };
    },
    observe: (record) => observeMinikube(hands, record),
    plan: (verb, record) => planOf(hands, verb, record),
    async kubeconfig({ name }) {
      const text = await hands.files.kubeconfigText(name);
      return text === null ? fetchKubeconfig(hands, name, AbortSignal.timeout(KUBECONFIG_MS)) : ok(text);
    },
    memoryNeed: (record) => memoryNeed(hands, record),
    // Every other profile belongs to somebody else.
    endOrphans: async () => [],
    isLeftOf: (record, begunAt) => isLeftOf(hands, record, begunAt),
    all: () => minikubeClusters(hands),
    adopt: (name, createdAt) => adoptMinikube(hands, name, createdAt),
    watch: (changed) =>
      whereFound(hands.tools, () =>
        listen({ happened: (event) => noticed(hands, event, changed), reached: () => changed(null) }),
      ),
  };
}

/** Whether a cluster stands in the container runtime: its profile names the driver, or the driver that it will be made with. */
export function minikubeNeed(hands: Pick<MinikubeHands, 'files' | 'settings' | 'docker' | 'tools'>) {
  return async ({ name }: Pick<ClusterRecord, 'name'>, verb: ClusterVerb): Promise<Need> => {
    const profile = await hands.files.profile(name);
    if (profile !== null) return needOf(profile.driver);
    return verb === 'create' ? needOf(await driverNow(hands)) : 'no';
  };
}

/** The longest that a create may take (a start and its proofs). */
const LONGEST_CREATE_MS = 60 * 60_000;

/** By when the profile that stands there came to be; a disk that does not tell says no more than its name. */
async function isLeftOf(
  { files }: Pick<MinikubeHands, 'files'>,
  { name }: Pick<ClusterRecord, 'name'>,
  begunAt: Date,
): Promise<boolean> {
  const madeAt = await files.madeAt(name);
  if (madeAt === null) return true;
  const afterMs = madeAt.getTime() - Math.floor(begunAt.getTime() / 1000) * 1000;
  return afterMs >= 0 && afterMs < LONGEST_CREATE_MS;
}

/** Without a minikube there is nobody to listen for, and a Docker that is away is not looked for on its account. */
function whereFound(tools: MinikubeHands['tools'], begin: () => Disposable): Disposable {
  let isOver = false;
  let begun: Disposable | null = null;
  void tools.find('minikube').then((path) => {
    if (path !== null && !isOver) begun = begin();
  });
  return {
    dispose() {
      isOver = true;
      begun?.dispose();
    },
  };
}

/** These hold memory: a pause frees none. */
const holding: readonly ClusterState[] = ['running', 'degraded', 'starting', 'paused', 'partial'];

/** What its machines were made with, or would be. */
async function memoryNeed(hands: MinikubeHands, record: ClusterRecord): Promise<MemoryNeed> {
  const profile = await hands.files.profile(record.name);
  const machines = Math.max(1, profile?.machines.length ?? record.nodes);
  const each = profile?.memoryMegabytes || nodeMegabytes(hands.settings().memoryMegabytes, machines);
  const needBytes = machines * each * MIB;
  const { state } = await observeMinikube(hands, record);
  return { needBytes, touchedBytes: holding.includes(state) ? needBytes : 0 };
}

/** What changes a state. Docker tells much more. */
const telling: readonly string[] = ['start', 'die', 'pause', 'unpause', 'destroy'];

/** A machine has its cluster's name, or that and `-m02` and so on. */
function noticed(
  { memory, clock }: Pick<MinikubeHands, 'memory' | 'clock'>,
  { action, labels }: ContainerEvent,
  changed: (name: string) => void,
): void {
  const machine = labels[MACHINE_LABEL];
  if (machine === undefined || !telling.includes(action)) return;
  for (const name of new Set([machine, machine.replace(/-m\d+$/, '')])) {
    // By whose hand it was woken makes no difference: what it told before is old.
    if (action === 'unpause') memory.wokenAt.set(name, clock.wall());
    changed(name);
  }
}

async function readVersion({ tools }: Pick<MinikubeHands, 'tools'>): Promise<string | null> {
  const path = await tools.find('minikube');
  if (path === null) return null;
  const { stdout } = await tools.run(path, ['version', '-o', 'json'], { timeoutMs: VERSION_MS });
  return /"minikubeVersion":\s*"v?([^"]+)"/.exec(stdout)?.[1] ?? 'unknown';
}
