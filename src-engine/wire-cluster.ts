import { homedir, networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../src-shared/settings.ts';
import type { World } from '../src-shared/world/world.ts';
import { openClusters, type ClusterRoom } from './cluster/cluster-room.ts';
import type { ClusterPorts, OperationReport } from './cluster/cluster-ports.ts';
import { embeddedProvider } from './cluster/embedded/embedded-provider.ts';
import { dockerApi } from './cluster/docker/docker-api.ts';
import { dockerEvents } from './cluster/docker/docker-events.ts';
import { kindFiles } from './cluster/kind/kind-files.ts';
import type { KindHands } from './cluster/kind/kind-hands.ts';
import { kindMemory } from './cluster/kind/kind-memory.ts';
import { CLUSTER_LABEL } from './cluster/kind/kind-observe.ts';
import { kindProvider } from './cluster/kind/kind-provider.ts';
import { minikubeFiles, minikubeHome } from './cluster/minikube/minikube-files.ts';
import { minikubeMemory, type MinikubeHands } from './cluster/minikube/minikube-hands.ts';
import { MADE_LABEL } from './cluster/minikube/minikube-machine.ts';
import { minikubeNeed, minikubeProvider } from './cluster/minikube/minikube-provider.ts';
import { probePort } from './cluster/port-probe.ts';
import type { ClusterProvider } from './cluster/provider.ts';
import type { RuntimeRoom } from './cluster/runtime/runtime-room.ts';
import { runtimeFirst, toolsAt } from './cluster/runtime/runtime-first.ts';
import type { LanAddress } from './cluster/tunnel-plan.ts';
import { createApiReader, type ApiReader } from './kube/api-reader.ts';
import { readYaml } from './kube/read-yaml.ts';
import { startHelp } from './kube/start-help.ts';
import { dockerEndpoint, dockerSocketPath } from './platform/docker-socket.ts';
import { volumeOf } from './platform/files.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { Platform } from './platform/platform.ts';
import { podMover, podTeller } from './wire-kube.ts';
import { wireRuntime } from './wire-runtime.ts';
import type { Notices } from './wire-notices.ts';
import type { WorldStore } from './world-store.ts';

export interface ClusterNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly notices: Notices;
  settings(): Settings;
  knownStep(): void;
}

/** Clusters, and what a sleep of this Mac means for what is open to them. */
export interface Clusters extends Omit<ClusterRoom, 'handlers'> {
  readonly handlers: ClusterRoom['handlers'] & RuntimeRoom['handlers'];
  suspend(): void;
}

/** Every provider there is. The kube room reads the API for them. */
function providersFor(
  platform: Platform,
  settings: () => Settings,
  api: ApiReader,
  runtime: RuntimeRoom,
): ClusterProvider[] {
  const { clock, scheduler, home } = platform;
  const tools = toolsAt(platform.tools, () => dockerEndpoint(platform.env));
  const log = platform.log('cluster');
  const memoryMegabytes = (): number => settings().cluster.memoryMegabytes;
  const socketPath = (): string | null => dockerSocketPath(platform.env);
  const docker = dockerApi(socketPath);
  const files = kindFiles(home.clusters, home.logs);
  const hands: KindHands = {
    docker,
    api,
    files,
    clock,
    scheduler,
    tools,
    log,
    probePort,
    pods: podMover(platform),
    memory: kindMemory(),
    readYaml,
    help: (file) => startHelp(file, scheduler),
    freeBytes: async (path) => (await volumeOf(path))?.freeBytes ?? null,
  };
  const program = fileURLToPath(new URL('./embedded-node.js', import.meta.url));
  const kind = kindProvider(hands, memoryMegabytes, {
    ports: () => settings().cluster,
    listen: (listener) => dockerEvents({ socketPath, scheduler }, CLUSTER_LABEL, listener),
  });
  return [
    runtimeFirst(kind, runtime, async () => 'must'),
    ofMinikube(platform, settings, hands, runtime),
    embeddedProvider({ home, scheduler, program }),
  ];
}

/** With the same hands as kind, and minikube's own files. */
function ofMinikube(
  { env, home, scheduler }: Platform,
  settings: () => Settings,
  shared: KindHands,
  runtime: RuntimeRoom,
): ClusterProvider {
  const hands: MinikubeHands = {
    ...shared,
    files: minikubeFiles({
      clustersFolder: home.clusters,
      logsFolder: home.logs,
      minikubeHome: minikubeHome(env, homedir()),
    }),
    memory: minikubeMemory(),
    settings: () => settings().cluster,
  };
  const socketPath = (): string | null => dockerSocketPath(env);
  const provider = minikubeProvider(hands, {
    listen: (listener) => dockerEvents({ socketPath, scheduler }, MADE_LABEL, listener),
  });
  return runtimeFirst(provider, runtime, minikubeNeed(hands));
}

export async function wireCluster(needs: ClusterNeeds): Promise<Clusters> {
  const { platform, world, history, notices } = needs;
  const api = createApiReader(platform);
  let rooms: ClusterRoom | null = null;
  const runtime = await wireRuntime({ ...needs, clusters: () => rooms });
  const ports: ClusterPorts = {
    clock: platform.clock,
    scheduler: platform.scheduler,
    log: platform.log('cluster'),
    runFolder: platform.home.run,
    clustersFolder: platform.home.clusters,
    providers: providersFor(platform, needs.settings, api, runtime),
    settings: needs.settings,
    memory: () => fresh(world.get().host.vitals.memory),
    disk: () => fresh(world.get().host.vitals.disk),
    lan: () => lanAddresses(world.get().link.listening),
    publish: (clusters, providers) => world.write({ clusters: [...clusters], providers: [...providers] }),
    mayStopUnasked: () => mayStopUnasked(world.get(), needs.settings().role),
    knownStep: needs.knownStep,
    podReport: podTeller(platform),
    takeBack: runtime.takeBack,
    report: (report) => tell(report, history, notices),
    changedUnasked: (...change) => history.add(unaskedRecord(...change)),
  };
  const room = await openClusters(ports);
  rooms = room;
  return {
    ...room,
    handlers: { ...room.handlers, ...runtime.handlers },
    suspend: api.suspend,
    setLive(live) {
      runtime.setLive(live);
      room.setLive(live);
    },
    observeNow() {
      api.resume();
      room.observeNow();
      void runtime.look();
    },
    async dispose() {
      runtime.dispose();
      await room.dispose();
      api.dispose();
    },
  };
}

function unaskedRecord(...[name, from, to, why]: Parameters<ClusterPorts['changedUnasked']>) {
  const what = `${name} went from ${from} to ${to} by itself`;
  return { kind: 'cluster.changed', what, why, evidence: { name, from, to } };
}

/** An edge that takes part in the traffic is sent away by its stages, and loses nothing. */
function mayStopUnasked({ handoff }: World, role: Settings['role']): boolean {
  return role !== 'core' && (handoff === null || handoff.state === 'OFFLINE');
}

/** The link's own address first: by it the other Mac calls this one. */
function lanAddresses(listening: string | null): LanAddress[] {
  const own = Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).flatMap(({ address, cidr, family, internal }) =>
      family === 'IPv4' && !internal && cidr !== null ? [{ address, cidr }] : [],
    ),
  );
  const isCalled = ({ address }: LanAddress): boolean => listening?.startsWith(`${address}:`) === true;
  return [...own.filter(isCalled), ...own.filter((each) => !isCalled(each))];
}

/** What is old decides nothing. */
function fresh<T extends { stale?: true | undefined }>(group: T | null): T | null {
  return group === null || group.stale === true ? null : group;
}

/** One line of history per operation, and a notice of how it ended. */
function tell(report: OperationReport, history: HistoryRoom, notices: Notices): void {
  const { name, verb, outcome, recovered, error, state } = report;
  const how =
    recovered === null
      ? outcome
      : recovered === 'resume'
        ? `resumed after a crash: ${outcome}`
        : `cleaned up after a crash: ${outcome}`;
  history.add({
    kind: `cluster.${verb}`,
    what: `${verb} of ${name}: ${how}, now ${state}`,
    why: error?.code ?? null,
    evidence: { ...report },
  });
  if (error !== null && outcome === 'failed')
    notices.tell({ type: 'operationFailed', name, verb, code: error.code, params: { ...error.params } });
  else if (recovered !== null) notices.tell({ type: 'operationRecovered', name, verb, how: recovered });
  else if (outcome === 'done')
    notices.tell({ type: 'operationFinished', name, verb, elapsedMs: report.elapsedMs });
}
