import { z } from 'zod';
import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { Observation } from '../provider.ts';
import { jsonIn } from './json-in.ts';
import { errorInWords, parseEvent } from './minikube-events.ts';

const nodeSchema = z.object({
  Name: z.string(),
  Host: z.string(),
  Kubelet: z.string(),
  APIServer: z.string(),
  Kubeconfig: z.string().default(''),
  Worker: z.boolean().default(false),
});
type NodeStatus = z.infer<typeof nodeSchema>;

/** `minikube status` exits with bits (7 stopped, 2 paused) by design; only this one says that there is no profile. */
const PROFILE_MISSING = 85;

export const STATUS_SOURCE = 'minikube status';

export interface StatusSeen {
  readonly observation: Observation;
  /** The kubeconfig that it was asked with leads to another address, or to none of this cluster. */
  readonly isMisdirected: boolean;
}

/** What a look at `minikube status -o json` has to go by. */
export interface StatusSaid {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/**
 * Reads `minikube status -o json` in its three shapes: an object, an array of several nodes, and
 * CloudEvents when the profile is missing. The exit code alone says little.
 *
 * @param machines of its profile: the first that is gone ends minikube's look at the others
 */
export function statusOf({ stdout, stderr, exitCode }: StatusSaid, machines = 1): StatusSeen {
  const nodes = parseNodes(stdout);
  if (nodes !== null && nodes.length > 0) return observed(nodes);
  const errors = [...stdout.split('\n').map(parseEvent), errorInWords(`${stdout}\n${stderr}`)];
  const isMissing =
    exitCode === PROFILE_MISSING ||
    errors.some((event) => event?.type === 'error' && event.exitCode === PROFILE_MISSING);
  // `null` and exit 0 is what it prints of nodes that it could not ask; which of them are gone, it tells its log alone.
  const isGone = /host does not exist/.test(stderr);
  if (isGone && machines > 1) return seen('partial', 'nodeGone');
  return isMissing || isGone ? seen('absent') : seen('unknown', 'minikubeUnreadable');
}

function seen(state: Observation['state'], why: string | null = null): StatusSeen {
  return { observation: { state, why, nodes: [], source: STATUS_SOURCE }, isMisdirected: false };
}

function parseNodes(stdout: string): NodeStatus[] | null {
  const parsed = z.union([z.array(nodeSchema), nodeSchema]).safeParse(jsonIn(stdout));
  if (!parsed.success) return null;
  return Array.isArray(parsed.data) ? parsed.data : [parsed.data];
}

/** A machine with 99 % of its disk in use still runs, and minikube says only that of it. */
const DISK_FULL = 'InsufficientStorage';

function observed(statuses: readonly NodeStatus[]): StatusSeen {
  const { state, why } = standing(statuses);
  if (state === 'absent') return seen('absent');
  return {
    observation: { state, why, nodes: statuses.map(toNode), source: STATUS_SOURCE },
    isMisdirected: statuses.some(({ Kubeconfig }) => Kubeconfig === 'Misconfigured'),
  };
}

function standing(statuses: readonly NodeStatus[]): Pick<Observation, 'state' | 'why'> {
  const hosts = statuses.map(({ Host }) => Host);
  const every = (...values: string[]): boolean => hosts.every((host) => values.includes(host));
  if (every('Nonexistent')) return { state: 'absent', why: null };
  if (every('Stopped', 'Nonexistent')) return { state: 'stopped', why: every('Stopped') ? null : 'nodeGone' };
  // Also a machine that was frozen as a whole, by its own runtime.
  if (hosts.includes('Paused') || statuses.some(({ APIServer }) => APIServer === 'Paused'))
    return { state: 'paused', why: 'nodePaused' };
  if (!every('Running', DISK_FULL)) {
    const isUp = hosts.includes('Running') || hosts.includes(DISK_FULL);
    return isUp ? { state: 'partial', why: 'nodeStopped' } : { state: 'unknown', why: 'minikubeUnreadable' };
  }
  if (hosts.includes(DISK_FULL)) return { state: 'degraded', why: 'machineDiskFull' };
  return statuses.every(isWhole) ? { state: 'running', why: null } : { state: 'degraded', why: 'apiDown' };
}

const isWhole = ({ Kubelet, APIServer, Worker }: NodeStatus): boolean =>
  Kubelet === 'Running' && (Worker || APIServer === 'Running');

function toNode({ Name, Host, Kubelet, Worker }: NodeStatus): ClusterNode {
  const ready = Host === 'Running' && Kubelet === 'Running';
  return { name: Name, role: Worker ? 'worker' : 'control-plane', ready, pods: null };
}
