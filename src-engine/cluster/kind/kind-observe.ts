import { ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Container, DockerApi } from '../docker/docker-api.ts';
import type { ClusterRecord, Observation } from '../provider.ts';
import { proofsOf, type ApiReader, type ApiSnapshot } from '../readiness.ts';
import type { KindFiles } from './kind-files.ts';

const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';
const ROLE_LABEL = 'io.x-k8s.kind.role';
/** A control plane that gives no sign of life for this long is not coming up any more. */
const COMING_UP_MS = 5 * 60_000;

export interface KindEyes {
  readonly docker: DockerApi;
  readonly api: ApiReader;
  readonly files: KindFiles;
  readonly clock: Clock;
}

/** What is seen of a kind cluster: its containers, and when they all run, what its API proves. */
export async function observeKind(eyes: KindEyes, record: ClusterRecord): Promise<Observation> {
  const containers = await kindNodes(eyes.docker, record.name);
  // Never taken for stopped: the containers may well run, only nobody can see them.
  if (!containers.ok) return { state: 'unknown', why: 'dockerDown', nodes: [], source: 'Docker' };
  const nodes = containers.value;
  if (nodes.length === 0) return { state: 'absent', why: null, nodes: [], source: 'Docker' };
  const state = containerState(nodes);
  if (state !== 'running')
    return { state, why: null, nodes: nodes.map((node) => toNode(node, null)), source: 'Docker' };
  return observeRunning(eyes, record, nodes);
}

/** The nodes of a cluster. kind puts a load balancer beside several control planes; it is no node. */
export async function kindNodes(docker: DockerApi, name: string): Promise<Result<Container[]>> {
  const containers = await docker.containers(`${CLUSTER_LABEL}=${name}`);
  if (!containers.ok) return containers;
  return ok(containers.value.filter(({ labels }) => labels[ROLE_LABEL] !== 'external-load-balancer'));
}

/** All of them, or it has a name of its own. */
export function containerState(
  nodes: readonly Pick<Container, 'state'>[],
): 'running' | 'stopped' | 'paused' | 'partial' {
  const count = (state: string): number => nodes.filter((node) => node.state === state).length;
  if (count('running') === nodes.length) return 'running';
  if (count('paused') > 0) return 'paused';
  return count('running') === 0 ? 'stopped' : 'partial';
}

async function observeRunning(
  eyes: KindEyes,
  record: ClusterRecord,
  containers: readonly Container[],
): Promise<Observation> {
  const kubeconfig = eyes.files.kubeconfig(record.name);
  const snapshot = await eyes.api.read(kubeconfig);
  const isOther = snapshot !== null && isOtherCluster(snapshot, containers);
  const nodes = containers.map((container) => toNode(container, snapshot));
  const since = await startOf(eyes.docker, containers);
  const source = 'Docker and the Kubernetes API';
  if (since === null) return { state: 'unknown', why: 'dockerDown', nodes, source };
  if (isOther) return { state: 'degraded', why: 'otherCluster', nodes, source };
  const comingUp = eyes.clock.wall().getTime() - since.getTime() < COMING_UP_MS;
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
  const why = unproven(snapshot, since, containers.length);
  return why === null
    ? { ...seen, state: 'running', why: snapshot.closedByUs === true ? 'drained' : null }
    : { ...seen, state: comingUp ? 'starting' : 'degraded', why };
}

/** No start heals these: an API that comes up is not what they are about. */
const lasting: readonly string[] = ['certExpired', 'certEarly', 'otherCluster'];

/** Its kubeconfig leads to a cluster that has none of these nodes. */
export function isOtherCluster(
  { nodes }: Pick<ApiSnapshot, 'nodes'>,
  containers: readonly Pick<Container, 'name'>[],
): boolean {
  return (
    nodes.length > 0 && !nodes.some(({ name }) => containers.some((container) => container.name === name))
  );
}

function unproven(snapshot: ApiSnapshot, since: Date, count: number): string | null {
  const proofs = proofsOf(snapshot, since, count);
  if (snapshot.nodes.some(({ ready }) => !ready)) return 'nodeNotReady';
  if (!proofs.heartbeat) return 'provingHeartbeat';
  if (!proofs.leader) return 'provingLeader';
  return proofs.dns ? null : 'provingDns';
}

/** Start of the control plane's container: proofs of life must be younger. */
export async function startOf(docker: DockerApi, containers: readonly Container[]): Promise<Date | null> {
  const controlPlane =
    containers.find(({ labels }) => labels[ROLE_LABEL] === 'control-plane') ?? containers[0];
  if (controlPlane === undefined) return null;
  const detail = await docker.inspect(controlPlane.name);
  return detail.ok ? detail.value.startedAt : null;
}

function toNode(container: Container, snapshot: ApiSnapshot | null): ClusterNode {
  const seen = snapshot?.nodes.find(({ name }) => name === container.name);
  return {
    name: container.name,
    role: container.labels[ROLE_LABEL] === 'control-plane' ? 'control-plane' : 'worker',
    ready: container.state === 'running' ? (seen?.ready ?? null) : false,
    pods: seen?.pods ?? null,
  };
}

/** Nodes of a cluster, workers first; the load balancer left out. */
export async function nodesWorkersFirst(
  docker: DockerApi,
  name: string,
): Promise<{ workers: string[]; controlPlanes: string[] } | null> {
  const found = await kindNodes(docker, name);
  if (!found.ok) return null;
  const nodes = found.value;
  const isControlPlane = (container: Container): boolean => container.labels[ROLE_LABEL] === 'control-plane';
  return {
    workers: nodes.filter((node) => !isControlPlane(node)).map((node) => node.name),
    controlPlanes: nodes.filter(isControlPlane).map((node) => node.name),
  };
}
