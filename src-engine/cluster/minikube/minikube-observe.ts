import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import {
  COMING_UP_MS,
  containerState,
  isOtherCluster,
  lifeMissing,
  runOf,
  type LifeEyes,
} from '../kind/kind-observe.ts';
import type { ClusterRecord, Observation } from '../provider.ts';
import type { ApiSnapshot } from '../readiness.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { containersOf, insideOf, nodesOfRun, startsOfMachines } from './minikube-machine.ts';
import type { Profile } from './minikube-profile.ts';
import { statusOf, STATUS_SOURCE, type StatusSeen } from './minikube-status.ts';
import { askMinikube, fetchKubeconfig } from './minikube-tool.ts';

/** What a minikube cluster is looked at with. */
export type MinikubeEyes = Omit<MinikubeHands, 'pods' | 'scheduler' | 'probePort' | 'settings'>;

const STATUS_MS = 15_000;

const dockerDown: Observation = { state: 'unknown', why: 'dockerDown', nodes: [], source: 'Docker' };

/**
 * What is seen of a minikube cluster. Its containers and its API are looked at first, which costs no process; minikube is
 * asked of what they cannot tell: a machine that is no container, and an API that does not answer (paused, or down).
 */
export async function observeMinikube(
  eyes: MinikubeEyes,
  { name }: Pick<ClusterRecord, 'name'>,
): Promise<Observation> {
  const profile = await eyes.files.profile(name);
  // Only minikube says that there is none: its folder may be elsewhere.
  if (profile === null) return (await askStatus(eyes, name)).observation;
  return profile.driver === 'docker' ? ofContainers(eyes, profile) : ofMachine(eyes, profile);
}

/**
 * Whether something stands under that name, and how, without a look at its API: what is not ours yet is not called, and no
 * kubeconfig of it is taken.
 */
export async function observeStanding(
  eyes: MinikubeEyes,
  { name }: Pick<ClusterRecord, 'name'>,
): Promise<Observation> {
  const profile = await eyes.files.profile(name);
  if (profile?.driver === 'docker') {
    const containers = await containersOf(eyes.docker, profile);
    if (!containers.ok) return dockerDown;
    if (containers.value.length === 0) return gone(eyes, name);
  }
  return (await askStatus(eyes, name)).observation;
}

export async function askStatus(eyes: MinikubeEyes, name: string): Promise<StatusSeen> {
  const said = await askMinikube(eyes, name, ['status', '-p', name, '-o', 'json'], STATUS_MS);
  if (said !== null) return statusOf(said, (await eyes.files.profile(name))?.machines.length);
  const observation: Observation = {
    state: 'unknown',
    why: 'minikubeMissing',
    nodes: [],
    source: STATUS_SOURCE,
  };
  return { observation, isMisdirected: false };
}

/** It may be in another Docker, which has it still: contexts change, and so do sockets. */
export async function gone(
  { docker, files }: Pick<MinikubeEyes, 'docker' | 'files'>,
  name: string,
): Promise<Observation> {
  const kept = await files.dockerOf(name);
  const now = kept === '' ? '' : ((await docker.info())?.id ?? '');
  return now !== '' && now !== kept
    ? { state: 'unknown', why: 'otherDocker', nodes: [], source: 'Docker' }
    : { state: 'absent', why: null, nodes: [], source: 'Docker' };
}

async function ofContainers(eyes: MinikubeEyes, profile: Profile): Promise<Observation> {
  const containers = await containersOf(eyes.docker, profile);
  // Never taken for stopped: the containers may well run, only nobody can see them.
  if (!containers.ok) return dockerDown;
  const nodes = containers.value;
  if (nodes.length === 0) return gone(eyes, profile.name);
  const isShort = nodes.length < profile.machines.length;
  const state = containerState(nodes);
  if (state === 'running') {
    const seen = await ofRunning(eyes, profile);
    return isShort && seen.state === 'running' ? { ...seen, state: 'degraded', why: 'nodeGone' } : seen;
  }
  const why = { paused: 'nodePaused', partial: 'nodeStopped', stopped: isShort ? 'nodeGone' : null }[state];
  const toNode = (machine: ClusterNode): ClusterNode => {
    const isUp = nodes.some((node) => node.name === machine.name && node.state === 'running');
    return { ...machine, ready: isUp ? null : false };
  };
  return { state, why, nodes: nodesOf(profile, null).map(toNode), source: 'Docker' };
}

/** A VM, of which only its API can be asked without a process. */
async function ofMachine(eyes: MinikubeEyes, profile: Profile): Promise<Observation> {
  const seen = await ofRunning(eyes, profile);
  // Its API did not answer: it may be booted anew by the next look.
  if (seen.source === STATUS_SOURCE) eyes.memory.bootedAt.delete(profile.name);
  return seen;
}

async function ofRunning(eyes: MinikubeEyes, profile: Profile): Promise<Observation> {
  const { name } = profile;
  const { snapshot, status } = await lookAtApi(eyes, profile);
  if (snapshot === null) return withoutApi(eyes, profile, status);
  const nodes = nodesOf(profile, snapshot);
  const source = 'minikube and the Kubernetes API';
  if (isOtherCluster(snapshot, profile.machines))
    return { state: 'degraded', why: 'otherCluster', nodes, source };
  const starts = await startsOfMachines(eyes, profile);
  if (starts === null) return { state: 'unknown', why: 'minikubeUnreadable', nodes, source };
  const seen = { nodes, source, ...(snapshot.workload === undefined ? {} : { workload: snapshot.workload }) };
  const run = { snapshot, starts, containers: nodesOfRun(profile) };
  const why = await lifeMissing(lifeEyes(eyes, profile), { name }, run);
  if (why === null)
    return { ...seen, state: 'running', why: snapshot.closedByUs === true ? 'drained' : null };
  return { ...seen, state: (await isComingUp(eyes, profile, starts)) ? 'starting' : 'degraded', why };
}

/** The proofs of life are the same for every real cluster; only the way into a node is its own. */
export const lifeEyes = (eyes: MinikubeEyes, profile: Profile): LifeEyes => ({
  ...eyes,
  docker: {
    inside: insideOf(eyes, profile),
    // A machine of its own has a clock that nobody asks: this Mac's stands for it.
    info: async () => (profile.driver === 'docker' ? eyes.docker.info() : null),
  },
});

interface ApiSeen {
  readonly snapshot: ApiSnapshot | null;
  /** Only asked when the API gave no good answer. */
  readonly status: StatusSeen | null;
}

/**
 * Its API by the private kubeconfig. Whoever starts the cluster by hand gives it another port, which only their own
 * kubeconfig then knows, and all of minikube's clusters have one authority: what answers there may be another of them.
 */
async function lookAtApi(eyes: MinikubeEyes, { name, machines }: Profile): Promise<ApiSeen> {
  const file = eyes.files.kubeconfig(name);
  const first = await eyes.api.read(file);
  if (first !== null && !isOtherCluster(first, machines)) return { snapshot: first, status: null };
  const status = await askStatus(eyes, name);
  const isUp = ['running', 'degraded'].includes(status.observation.state);
  const isMisled = first !== null || status.isMisdirected || (await eyes.files.kubeconfigText(name)) === null;
  if (!isUp || !isMisled) return { snapshot: first, status };
  await fetchKubeconfig(eyes, name, AbortSignal.timeout(STATUS_MS));
  return { snapshot: await eyes.api.read(file), status };
}

/** minikube's own word counts, but for "running" of what does not answer. */
async function withoutApi(
  eyes: MinikubeEyes,
  profile: Profile,
  status: StatusSeen | null,
): Promise<Observation> {
  const { observation } = status ?? (await askStatus(eyes, profile.name));
  if (observation.state !== 'running' && observation.why !== 'apiDown') return observation;
  const starts = await startsOfMachines(eyes, profile);
  const isStarting = starts !== null && (await isComingUp(eyes, profile, starts));
  const why = eyes.api.why(eyes.files.kubeconfig(profile.name)) ?? 'apiDown';
  const seen = { nodes: observation.nodes, source: observation.source };
  return isStarting
    ? { ...seen, state: 'starting', why: 'apiStarting' }
    : { ...seen, state: 'degraded', why };
}

async function isComingUp(
  eyes: MinikubeEyes,
  profile: Profile,
  starts: ReadonlyMap<string, Date>,
): Promise<boolean> {
  return (await runOf(lifeEyes(eyes, profile), profile.name, starts)).ageMs < COMING_UP_MS;
}

function nodesOf({ machines }: Profile, snapshot: ApiSnapshot | null): ClusterNode[] {
  return machines.map(({ name, isControlPlane }) => {
    const seen = snapshot?.nodes.find((node) => node.name === name);
    return {
      name,
      role: isControlPlane ? 'control-plane' : 'worker',
      ready: seen?.ready ?? null,
      pods: seen?.pods ?? null,
    };
  });
}
