import { readFile } from 'node:fs/promises';
import type { CoordinationV1Api, CoreV1Api, DiscoveryV1Api } from '@kubernetes/client-node';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import { answered, LIMIT_MS, type Answered } from './api-client.ts';
import { clientsOf, readKubeconfig } from './api-connection.ts';
import { OWN_SLICES, servicesSettled } from './services-settled.ts';
import { whyOfTrouble, type ApiTrouble } from './api-trouble.ts';
import { ownCertificateTrouble } from './own-certificate.ts';
import { apiSources } from './watch/api-sources.ts';
import { lookOf, type ClusterLook } from './watch/cluster-look.ts';
import { watchCluster, type ClusterSources, type ClusterWatch } from './watch/cluster-watch.ts';
import { keepNode, podKeeper } from './watch/kept.ts';

/** One look at a cluster's API: what proves that it truly works, and what runs on it. */
export interface ApiLook extends ClusterLook {
  readonly leaderSince: Date | null;
}

export interface ApiReader extends Disposable {
  /** Null when the API does not answer, or what it has is not known, within three seconds. */
  read(kubeconfigFile: string): Promise<ApiLook | null>;
  /** Whether Services lead to the pods that run now; false when its API does not tell. Two lists: not for every look. */
  settled(kubeconfigFile: string, startedAt: ReadonlyMap<string, Date>): Promise<boolean>;
  /** Why the last look at it was none, as an id of language/ (`why.ID`); null when it was one. */
  why(kubeconfigFile: string): string | null;
  /** This Mac falls asleep: every watch is closed, and until it wakes a look asks anew. */
  suspend(): void;
  resume(): void;
}

export interface ReaderTime {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** Who tells of the wake may have ended: a Mac that has been awake for so long has woken. */
const AWAKE_MS = 2 * 60_000;
/** A cluster that nobody looks at any more, since it is stopped or gone, is watched no more. */
const FORGOTTEN_MS = 3 * 60_000;

interface Connection {
  readonly text: string;
  /** Base64 of PEM, as the kubeconfig has it; undefined: there is none. */
  readonly ownCertificate: string | undefined;
  readonly core: CoreV1Api;
  readonly coordination: CoordinationV1Api;
  readonly discovery: DiscoveryV1Api;
  readonly sources: ClusterSources;
  watch: ClusterWatch | null;
  usedMs: number;
}

/**
 * Reads clusters by their kubeconfig files. Nodes, pods and warnings come from one watch each, which the first look opens;
 * a look asks the API one small thing besides: who leads, which is also the proof that it answers now.
 */
export function createApiReader(time: ReaderTime): ApiReader {
  const { clock, scheduler } = time;
  const connections = openConnections(time);
  const troubles = new Map<string, ApiTrouble | null>();
  const sleep = sleepOf(clock);
  async function look(file: string): Promise<ApiLook | ApiTrouble> {
    const api = await connections.to(file);
    if (typeof api === 'string') return api;
    api.usedMs = clock.monotonicMs();
    if (sleep.lasts()) return lookOnce(api, time);
    api.watch ??= watchCluster(api.sources, { clock, scheduler });
    return lookThrough(api, api.watch, scheduler);
  }
  return {
    async read(file) {
      const seen = await look(file);
      // An API refuses a certificate that has run out as it does strangers.
      const own = connections.known(file)?.ownCertificate;
      const found = (seen === 'denied' ? ownCertificateTrouble(own, clock.wall()) : null) ?? seen;
      troubles.set(file, typeof found === 'string' ? found : null);
      return typeof found === 'string' ? null : found;
    },
    settled: async (file, startedAt) => lookAtServices(await connections.to(file), startedAt, scheduler),
    why: (file) => whyOfTrouble(troubles.get(file) ?? null),
    suspend() {
      sleep.begins();
      connections.closeAll();
    },
    resume: sleep.ends,
    dispose: connections.dispose,
  };
}

/** One for each kubeconfig file, as long as somebody looks. */
function openConnections(time: ReaderTime) {
  const connections = new Map<string, Connection>();
  const close = (file: string): void => {
    connections.get(file)?.watch?.dispose();
    connections.delete(file);
  };
  const closeAll = (): void => [...connections.keys()].forEach(close);
  const sweep = time.scheduler.every(FORGOTTEN_MS / 3, () => {
    for (const [file, { usedMs }] of connections)
      if (time.clock.monotonicMs() - usedMs > FORGOTTEN_MS) close(file);
  });
  return {
    known: (file: string) => connections.get(file),
    async to(file: string): Promise<Connection | ApiTrouble> {
      const text = await readFile(file, 'utf8').catch(() => null);
      const known = connections.get(file);
      // A cluster that was made anew has other certificates under the same name.
      if (known !== undefined && known.text === text) return known;
      close(file);
      const made = text === null ? 'noKubeconfig' : await connect(text, time);
      // Two looks at once make one connection.
      const first = connections.get(file);
      if (first !== undefined && first.text === text) return first;
      if (typeof made !== 'string') connections.set(file, made);
      return made;
    },
    closeAll,
    dispose() {
      sweep.dispose();
      closeAll();
    },
  };
}

/** Of this Mac, as it was told. */
function sleepOf(clock: Clock) {
  let sinceMs: number | null = null;
  return {
    begins: () => void (sinceMs = clock.monotonicMs()),
    ends: () => void (sinceMs = null),
    lasts: () => sinceMs !== null && clock.monotonicMs() - sinceMs <= AWAKE_MS,
  };
}

async function connect(text: string, { clock, scheduler }: ReaderTime): Promise<Connection | ApiTrouble> {
  const config = await readKubeconfig(text, clock.wall());
  if (typeof config === 'string') return config;
  const {
    CoreV1Api: Core,
    CoordinationV1Api: Coordination,
    DiscoveryV1Api: Discovery,
  } = await import('@kubernetes/client-node');
  const client = await clientsOf(config);
  const [core, coordination, discovery] = [client(Core), client(Coordination), client(Discovery)];
  const sources = await apiSources(config, core, scheduler);
  const ownCertificate = config.getCurrentUser()?.certData;
  return {
    text,
    ownCertificate,
    core,
    coordination,
    discovery,
    sources,
    watch: null,
    usedMs: clock.monotonicMs(),
  };
}

async function lookThrough(
  { coordination }: Connection,
  watch: ClusterWatch,
  scheduler: Scheduler,
): Promise<ApiLook | ApiTrouble> {
  const late = new AbortController();
  const limit = scheduler.after(LIMIT_MS, () => late.abort());
  try {
    const looking = watch.look(late.signal);
    const leader = await leaderOf(coordination, scheduler);
    // Known at once: an API that is coming up is asked again the sooner.
    if (typeof leader === 'string') return leader;
    const found = await looking;
    return found === null ? 'silent' : { ...found, leaderSince: leader.since };
  } finally {
    limit.dispose();
    late.abort();
  }
}

/** An API that has no slices has none that are old. */
async function lookAtServices(
  api: Connection | ApiTrouble,
  startedAt: ReadonlyMap<string, Date>,
  scheduler: Scheduler,
): Promise<boolean> {
  if (typeof api === 'string') return false;
  const { core, discovery } = api;
  const [slices, pods] = await Promise.all([
    answered(discovery.listEndpointSliceForAllNamespaces({ labelSelector: OWN_SLICES }), scheduler),
    answered(core.listPodForAllNamespaces(), scheduler),
  ]);
  if (!slices.ok) return slices.code === 404;
  return pods.ok && servicesSettled(slices.value.items, pods.value.items, startedAt);
}

/** Without a watch. Warnings are left out: nobody reads them in the moment of a sleep. */
async function lookOnce(
  { core, coordination }: Connection,
  { clock, scheduler }: ReaderTime,
): Promise<ApiLook | ApiTrouble> {
  const ask = <T>(request: Promise<T>): Promise<Answered<T>> => answered(request, scheduler);
  const [leader, nodes, pods] = await Promise.all([
    leaderOf(coordination, scheduler),
    ask(core.listNode()),
    ask(core.listPodForAllNamespaces({ resourceVersion: '0' })),
  ]);
  if (typeof leader === 'string') return leader;
  if (!nodes.ok) return nodes.trouble;
  if (!pods.ok) return pods.trouble;
  const kept = pods.value.items.map(podKeeper());
  const byKey = new Map(kept.map((pod) => [pod.key, pod]));
  const look = lookOf(nodes.value.items.map(keepNode), byKey, null, clock.wall());
  return { ...look, leaderSince: leader.since };
}

/** `since` null: nobody leads. */
async function leaderOf(
  coordination: CoordinationV1Api,
  scheduler: Scheduler,
): Promise<{ readonly since: Date | null } | ApiTrouble> {
  const lease = { name: 'kube-controller-manager', namespace: 'kube-system' };
  const found = await answered(coordination.readNamespacedLease(lease), scheduler);
  if (!found.ok) return found.code === 404 ? { since: null } : found.trouble;
  const since = found.value.spec?.acquireTime;
  return { since: since === undefined ? null : new Date(since) };
}
