import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { Container } from '../docker/docker-shapes.ts';
import type { ClusterRecord, Observation } from '../provider.ts';
import { proofsOf, type ApiReader, type ApiSnapshot } from '../readiness.ts';
import type { KindFiles } from './kind-files.ts';
import type { KindMemory } from './kind-memory.ts';
import { answersByName, type NamedRun } from './kind-name.ts';

export const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';
const ROLE_LABEL = 'io.x-k8s.kind.role';
/** A control plane that gives no sign of life for this long is not coming up any more. */
export const COMING_UP_MS = 5 * 60_000;

/** What the proofs of life of a real cluster are looked for with, whichever tool has made it. */
export interface LifeEyes {
  /** Runs a script as root inside a node, and tells the time there. */
  readonly docker: Pick<DockerApi, 'inside' | 'info'>;
  readonly api: Pick<ApiReader, 'settled'>;
  readonly files: Pick<KindFiles, 'kubeconfig'>;
  readonly clock: Clock;
  readonly memory: KindMemory;
}

export interface KindEyes extends LifeEyes {
  readonly docker: DockerApi;
  readonly api: ApiReader;
  readonly files: KindFiles;
  readonly clock: Clock;
  readonly memory: KindMemory;
}

/** What is seen of a kind cluster: its containers, and when they all run, what its API proves. */
export async function observeKind(eyes: KindEyes, record: ClusterRecord): Promise<Observation> {
  const containers = await kindNodes(eyes.docker, record.name);
  // Never taken for stopped: the containers may well run, only nobody can see them.
  if (!containers.ok) return { state: 'unknown', why: 'dockerDown', nodes: [], source: 'Docker' };
  const nodes = containers.value;
  if (nodes.length === 0)
    return (await isElsewhere(eyes, record))
      ? { state: 'unknown', why: 'otherDocker', nodes: [], source: 'Docker' }
      : { state: 'absent', why: null, nodes: [], source: 'Docker' };
  const state = containerState(nodes);
  if (state === 'running') return observeRunning(eyes, record, nodes);
  const isShort = missingNodes((await eyes.files.kept(record.name)).order, nodes).length > 0;
  const why = { paused: 'nodePaused', partial: 'nodeStopped', stopped: isShort ? 'nodeGone' : null }[state];
  return { state, why, nodes: nodes.map((node) => toNode(node, null, null)), source: 'Docker' };
}

/** It was last seen in another Docker, which may well have it still: contexts change, and so do sockets. */
async function isElsewhere(
  { docker, files }: Pick<KindEyes, 'docker' | 'files'>,
  { name }: Pick<ClusterRecord, 'name'>,
): Promise<boolean> {
  const kept = (await files.kept(name)).docker;
  if (kept === '') return false;
  const now = (await docker.info())?.id ?? '';
  return now !== '' && now !== kept;
}

/** The nodes of a cluster. kind puts a load balancer beside several control planes; it is no node. */
export async function kindNodes(docker: DockerApi, name: string): Promise<Result<Container[]>> {
  const containers = await docker.containers(`${CLUSTER_LABEL}=${name}`);
  if (!containers.ok) return containers;
  return ok(containers.value.filter(isNode));
}

export const isNode = ({ labels }: Pick<Container, 'labels'>): boolean =>
  labels[ROLE_LABEL] !== 'external-load-balancer';

export const isControlPlane = ({ labels }: Pick<Container, 'labels'>): boolean =>
  labels[ROLE_LABEL] === 'control-plane';

/** Names that no container has: nodes that somebody removed. */
export const missingNodes = (
  names: readonly string[],
  containers: readonly Pick<Container, 'name'>[],
): string[] => names.filter((wanted) => !containers.some(({ name }) => name === wanted));

/** All of them, or it has a name of its own: one that Docker is about to restart or to remove is neither up nor stopped. */
export function containerState(
  nodes: readonly Pick<Container, 'state'>[],
): 'running' | 'stopped' | 'paused' | 'partial' {
  const count = (state: string): number => nodes.filter((node) => node.state === state).length;
  if (count('running') === nodes.length) return 'running';
  if (count('paused') > 0) return 'paused';
  return count('exited') + count('created') + count('dead') === nodes.length ? 'stopped' : 'partial';
}

async function observeRunning(
  eyes: KindEyes,
  record: ClusterRecord,
  containers: readonly Container[],
): Promise<Observation> {
  const kubeconfig = eyes.files.kubeconfig(record.name);
  const snapshot = await eyes.api.read(kubeconfig);
  const starts = await startsOf(eyes.docker, containers);
  const nodes = containers.map((container) => toNode(container, snapshot, starts.ok ? starts.value : null));
  const source = 'Docker and the Kubernetes API';
  if (!starts.ok) return { state: 'unknown', why: 'dockerDown', nodes, source };
  if (snapshot !== null && isOtherCluster(snapshot, containers))
    return { state: 'degraded', why: 'otherCluster', nodes, source };
  const comingUp = (await runOf(eyes, record.name, starts.value)).ageMs < COMING_UP_MS;
  if (snapshot === null) {
    const why = eyes.api.why(kubeconfig) ?? 'apiDown';
    const isStarting = comingUp && !lasting.includes(why);
    return {
      state: isStarting ? 'starting' : 'degraded',
      why: isStarting ? 'apiStarting' : why,
      nodes,
      source,
    };
  }
  const seen = { nodes, source, ...(snapshot.workload === undefined ? {} : { workload: snapshot.workload }) };
  const why = await unproven(eyes, record, { snapshot, starts: starts.value, containers });
  if (why === null)
    return { ...seen, state: 'running', why: snapshot.closedByUs === true ? 'drained' : null };
  return { ...seen, state: comingUp && !lasting.includes(why) ? 'starting' : 'degraded', why };
}

/** No waiting heals these: an API that comes up is not what they are about. */
const lasting: readonly string[] = ['certExpired', 'certEarly', 'otherCluster', 'nodeGone'];

/** Its kubeconfig leads to a cluster that has none of these nodes. */
export function isOtherCluster(
  { nodes }: Pick<ApiSnapshot, 'nodes'>,
  containers: readonly Pick<Container, 'name'>[],
): boolean {
  return (
    nodes.length > 0 && !nodes.some(({ name }) => containers.some((container) => container.name === name))
  );
}

/** A node, by what of its container is read. */
export type RunNode = Pick<Container, 'name' | 'labels'>;

/** What is known of one run of a cluster. */
export interface RunSeen {
  readonly snapshot: ApiSnapshot;
  /** Of each node's container, on Docker's own clock; of its machine, on that machine's. */
  readonly starts: ReadonlyMap<string, Date>;
  readonly containers: readonly RunNode[];
}

/** What is still missing before it may be called running, as an id of language/ (`why.ID`); null: nothing. */
async function unproven(eyes: KindEyes, record: ClusterRecord, run: RunSeen): Promise<string | null> {
  const names = run.snapshot.nodes.map((node) => node.name);
  // The API believes in it for 47 s more (recordings of kind, note 21).
  return missingNodes(names, run.containers).length > 0 ? 'nodeGone' : lifeMissing(eyes, record, run);
}

/** The same for the nodes that there are. */
export async function lifeMissing(
  eyes: LifeEyes,
  { name }: Pick<ClusterRecord, 'name'>,
  { snapshot, starts, containers }: RunSeen,
): Promise<string | null> {
  const nodes = containers.map((container) => container.name);
  const own = {
    ...snapshot,
    nodes: snapshot.nodes.filter((node) => nodes.includes(node.name)),
    // The API believes in pods of a node that is gone for five minutes more.
    dns: snapshot.dns.filter(({ node }) => typeof node !== 'string' || nodes.includes(node)),
  };
  const proofs = proofsOf(own, controlPlaneStart(containers, starts), nodes.length, starts);
  if (own.nodes.some(({ ready }) => !ready)) return 'nodeNotReady';
  if (!proofs.heartbeat) return 'provingHeartbeat';
  if (!proofs.leader) return 'provingLeader';
  if (!proofs.dns) return 'provingDns';
  const { id, ageMs } = await runOf(eyes, name, starts);
  const run: NamedRun = { cluster: name, id, nodes, isYoung: ageMs < COMING_UP_MS };
  const isSettled = (): Promise<boolean> => eyes.api.settled(eyes.files.kubeconfig(name), starts);
  return (await answersByName({ ...eyes, isSettled }, run)) ? null : 'provingName';
}

/** When each node's container was started. */
export async function startsOf(
  docker: Pick<DockerApi, 'inspect'>,
  containers: readonly Container[],
): Promise<Result<ReadonlyMap<string, Date>>> {
  const starts = new Map<string, Date>();
  for (const { name } of containers) {
    const detail = await docker.inspect(name);
    if (!detail.ok) return detail;
    starts.set(name, detail.value.startedAt);
  }
  return starts.size === 0 ? fail('nodeGone', { node: '' }) : ok(starts);
}

/** What a cluster as a whole does must be younger. */
function controlPlaneStart(containers: readonly RunNode[], starts: ReadonlyMap<string, Date>): Date {
  const controlPlane = containers.find(isControlPlane) ?? containers[0];
  return starts.get(controlPlane?.name ?? '') ?? new Date();
}

/**
 * One run of a cluster: its id changes with every start and wake of any node. Its age is told once by Docker's own clock,
 * since a VM's is not this machine's after a sleep, and counted on from there.
 */
export async function runOf(
  { docker, clock, memory }: Pick<LifeEyes, 'docker' | 'clock' | 'memory'>,
  name: string,
  starts: ReadonlyMap<string, Date>,
): Promise<{ readonly id: string; readonly ageMs: number }> {
  const wokenAt = memory.wokenAt.get(name);
  const times = [...starts.values(), ...(wokenAt === undefined ? [] : [wokenAt])].map((at) =>
    at.toISOString(),
  );
  const id = times.join(' ');
  let seen = memory.seenIn.get(name);
  if (seen?.id !== id) {
    const now = (await docker.info())?.now ?? clock.wall();
    const youngest = Math.max(...[...starts.values()].map((at) => at.getTime()));
    const wokenMs = wokenAt === undefined ? Infinity : clock.wall().getTime() - wokenAt.getTime();
    seen = { id, ageMs: Math.min(now.getTime() - youngest, wokenMs), atMs: clock.monotonicMs() };
    memory.seenIn.set(name, seen);
  }
  return { id, ageMs: seen.ageMs + clock.monotonicMs() - seen.atMs };
}

/** What the API stored of a node before its last start is nothing that is known of it now. */
function toNode(
  container: Container,
  snapshot: ApiSnapshot | null,
  starts: ReadonlyMap<string, Date> | null,
): ClusterNode {
  const told = snapshot?.nodes.find(({ name }) => name === container.name);
  const startedMs = Math.floor((starts?.get(container.name)?.getTime() ?? 0) / 1000) * 1000;
  const seen = (told?.heartbeatAt?.getTime() ?? 0) >= startedMs ? told : undefined;
  return {
    name: container.name,
    role: isControlPlane(container) ? 'control-plane' : 'worker',
    ready: container.state === 'running' ? (seen?.ready ?? null) : false,
    pods: seen?.pods ?? null,
    // Of one that has just ended the API still says what it was.
    ...(seen?.since == null || container.state !== 'running' ? {} : { since: seen.since.toISOString() }),
  };
}
