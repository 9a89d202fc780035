import { z } from 'zod';
import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { Observation } from '../provider.ts';
import { parseEvent } from './minikube-events.ts';

const nodeSchema = z.object({
  Name: z.string(),
  Host: z.string(),
  Kubelet: z.string(),
  APIServer: z.string(),
  Worker: z.boolean().default(false),
});
type NodeStatus = z.infer<typeof nodeSchema>;

/** `minikube status` exits with bits (7 stopped, 2 paused) by design; only this one says that there is no profile. */
const PROFILE_MISSING = 85;

const source = 'minikube status';

/**
 * Reads `minikube status -o json` in its three shapes: an object, an array of several nodes, and
 * CloudEvents when the profile is missing. The exit code alone says little.
 */
export function statusOf(stdout: string, exitCode: number | null): Observation {
  const nodes = parseNodes(stdout);
  if (nodes !== null) return observed(nodes);
  const events = stdout.split('\n').map(parseEvent);
  const missing =
    exitCode === PROFILE_MISSING ||
    events.some((event) => event?.type === 'error' && event.exitCode === PROFILE_MISSING);
  return missing
    ? { state: 'absent', why: null, nodes: [], source }
    : { state: 'unknown', why: 'minikubeUnreadable', nodes: [], source };
}

function parseNodes(stdout: string): NodeStatus[] | null {
  try {
    const parsed = z.union([z.array(nodeSchema), nodeSchema]).safeParse(JSON.parse(stdout));
    if (!parsed.success) return null;
    return Array.isArray(parsed.data) ? parsed.data : [parsed.data];
  } catch {
    return null;
  }
}

function observed(statuses: readonly NodeStatus[]): Observation {
  const nodes = statuses.map(toNode);
  const hosts = statuses.map(({ Host }) => Host);
  const every = (value: string): boolean => hosts.every((host) => host === value);
  if (statuses.length === 0 || every('Nonexistent')) return { state: 'absent', why: null, nodes: [], source };
  if (every('Stopped')) return { state: 'stopped', why: null, nodes, source };
  if (statuses.some(({ APIServer }) => APIServer === 'Paused'))
    return { state: 'paused', why: null, nodes, source };
  if (!every('Running'))
    return { state: hosts.includes('Running') ? 'partial' : 'unknown', why: null, nodes, source };
  const whole = statuses.every(
    ({ Kubelet, APIServer, Worker }) => Kubelet === 'Running' && (Worker || APIServer === 'Running'),
  );
  return whole
    ? { state: 'running', why: null, nodes, source }
    : { state: 'degraded', why: 'apiDown', nodes, source };
}

function toNode({ Name, Kubelet, Worker }: NodeStatus): ClusterNode {
  return { name: Name, role: Worker ? 'worker' : 'control-plane', ready: Kubelet === 'Running', pods: null };
}
