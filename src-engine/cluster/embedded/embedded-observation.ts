import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { Observation } from '../provider.ts';
import type { NodeState } from './node-control.ts';

/** What was seen of one node. */
export interface SeenNode {
  readonly name: string;
  readonly role: ClusterNode['role'];
  /** Its answer; null when it gave none in time. */
  readonly state: NodeState | null;
  /** `none`: never started, or stopped; `gone`: its record has outlived its process. */
  readonly process: 'none' | 'gone' | 'alive';
}

export const source = 'node processes of this home';
export const absent: Observation = { state: 'absent', why: null, nodes: [], source };

/** The cluster's state from what is seen of its nodes. One that lives and is silent is not stopped. */
export function observationOf(seen: readonly SeenNode[]): Observation {
  const nodes = seen.map(toNode);
  const alive = seen.filter((node) => node.process === 'alive');
  const ended = seen.some((node) => node.process === 'gone');
  if (alive.length === 0) return { state: 'stopped', why: ended ? 'nodeEnded' : null, nodes, source };
  if (alive.length < seen.length) return { state: 'partial', why: 'nodeEnded', nodes, source };
  if (alive.some(({ state }) => state === null))
    return { state: 'degraded', why: 'nodeSilent', nodes, source };
  if (alive.some(({ state }) => state?.serviceOpen === false))
    return { state: 'degraded', why: 'hostPortTaken', nodes, source };
  return { state: 'running', why: drainOf(alive), nodes, source };
}

function drainOf(alive: readonly SeenNode[]): string | null {
  const phases = alive.map(({ state }) => state?.phase);
  if (phases.every((phase) => phase === 'drained')) return 'drained';
  return phases.every((phase) => phase !== 'ready') ? 'draining' : null;
}

function toNode({ name, role, state, process }: SeenNode): ClusterNode {
  const silent = process === 'alive' && state === null;
  return {
    name,
    role,
    ready: silent ? null : state !== null,
    pods: silent ? null : (state?.pods.filter((pod) => pod.ready).length ?? 0),
  };
}
