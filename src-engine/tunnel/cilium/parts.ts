import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import type { Progress } from '../submariner/progress.ts';
import type { Memory } from './memory.ts';
import type { Mesh, Seen } from './mesh.ts';
import type { MeshWord } from './mesh-view.ts';
import type { PeerTalk } from './peer-talk.ts';
import type { CiliumHands, CiliumPorts } from './ports.ts';
import type { MeshLine } from './preflight.ts';
import { statusArgs } from './tool-args.ts';
import type { MeshTool } from './tool.ts';

/** The manager's parts, as its files know each other. */
export interface Parts {
  readonly ports: CiliumPorts;
  readonly memory: Memory;
  readonly tool: MeshTool;
  readonly talk: PeerTalk;
  /** Aborted when the engine ends, and an undo has had its time. */
  readonly closing: AbortController;
  /** Under way now. */
  progress: Progress | null;
  interrupt: AbortController | null;
  /** Resolves when what is under way, its undo included, is over. */
  over: Promise<unknown>;
  isRepairing: boolean;
  /** Monotonic; an undo that failed is tried again after a while. */
  triedMs: number;
  /** Of the last pre-flight. */
  lines: readonly MeshLine[];
  seen: Seen;
  seenMs: number;
  /** The cluster in which that was seen. */
  seenOf: string | null;
  hasTool: boolean;
  /** Monotonic; the other Mac was asked of its cluster. */
  askedPeerMs: number;
  word: MeshWord | null;
  /** Monotonic; the agents were asked. */
  askedMs: number;
  isAsking: boolean;
  /** Why the agents could not be asked last. */
  toolProblem: Problem | null;
  apartSinceMs: number | null;
  /** Exports as the other Mac was told of them last; null: not in this session. */
  told: string | null;
  hands: { readonly kubeconfig: string; readonly hands: CiliumHands | null } | null;
}

/** Between two looks while something is waited for. */
const POLL_MS = 1000;

export const clusterName = ({ ports }: Pick<Parts, 'ports'>): string => ports.cluster()?.name ?? '-';

export const silent = (parts: Parts): Result<never> => fail('apiUnreachable', { name: clusterName(parts) });

/** Cilium of the cluster as it was seen last; null: it is not there, or did not answer. */
export const meshOf = ({ seen }: Pick<Parts, 'seen'>): Mesh | null =>
  seen.kind === 'mesh' ? seen.mesh : null;

/** Also while its API is silent: a cluster of that name was joined. */
export function isJoinedHere({ ports, memory }: Pick<Parts, 'ports' | 'memory'>): boolean {
  const { joined } = memory.kept();
  return joined !== null && joined.cluster === ports.cluster()?.name;
}

/** Null: the cluster is not up, or has no API. */
export async function handsOf(parts: Parts): Promise<CiliumHands | null> {
  const { ports } = parts;
  const cluster = ports.cluster();
  const isUp = cluster?.state === 'running' || cluster?.state === 'degraded';
  if (!isUp || cluster.provider === 'embedded') return null;
  const kubeconfig = await ports.kubeconfig(cluster.name);
  if (kubeconfig === null) return null;
  if (parts.hands?.kubeconfig !== kubeconfig)
    parts.hands = { kubeconfig, hands: await ports.openHands(kubeconfig) };
  return parts.hands.hands;
}

/** A cluster and its API: what is remembered of another one is not to be done here. */
export interface Here {
  readonly cluster: string;
  readonly hands: CiliumHands;
}

/** Of the cluster that is meant now. */
export async function hereOf(parts: Parts): Promise<Here | null> {
  const cluster = clusterName(parts);
  const hands = await handsOf(parts);
  return hands === null ? null : { cluster, hands };
}

/** Null also when another cluster is meant by now: in that one nothing is this verb's. */
export async function handsFor(parts: Parts, cluster: string): Promise<CiliumHands | null> {
  return clusterName(parts) === cluster ? handsOf(parts) : null;
}

/** The kubeconfig of this Mac's cluster with one context, called as Cilium calls it. */
export async function ownKubeconfig(parts: Parts, cluster: string, name: string): Promise<Result<string>> {
  const { ports } = parts;
  const text = await ports.kubeconfig(cluster);
  const access = text === null ? null : await ports.privately(text, { name, server: null });
  return access === null ? silent(parts) : ok(access.text);
}

/** What is asked of the agents: both names are Cilium's. */
export interface Question {
  readonly cluster: string;
  readonly own: string;
  readonly remote: string;
}

/** Asks the agents, by the tool, how they reach the other cluster; what they said stays to be read. */
export async function askAgents(parts: Parts, { cluster, own, remote }: Question): Promise<MeshWord | null> {
  const { ports, memory, tool, closing } = parts;
  if (parts.isAsking) return null;
  parts.isAsking = true;
  parts.askedMs = ports.clock.monotonicMs();
  try {
    const access = await ownKubeconfig(parts, cluster, own);
    if (!access.ok) return null;
    const said = await memory.withKubeconfig('own', access.value, (kubeconfigFile) =>
      tool.status(statusArgs({ own }), { kubeconfigFile, signal: closing.signal }),
    );
    parts.toolProblem = said.ok ? null : { code: said.error.code, params: { ...said.error.params } };
    if (!said.ok) return null;
    const stats = said.value.clusters.get(remote) ?? { configured: 0, connected: 0 };
    const word = { remote, ...stats, total: said.value.total, saidMs: ports.clock.monotonicMs() };
    if (clusterName(parts) === cluster) parts.word = word;
    return word;
  } finally {
    parts.isAsking = false;
  }
}

/** Looks until something is there; null when it is not within the limit, or the signal ends it first. */
export async function until<T>(
  { ports }: Parts,
  { limitMs, signal }: { readonly limitMs: number; readonly signal?: AbortSignal },
  look: () => Promise<T | null>,
): Promise<T | null> {
  const endMs = ports.clock.monotonicMs() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (signal?.aborted === true || ports.clock.monotonicMs() >= endMs) return null;
    await pause(ports.scheduler, POLL_MS, signal);
  }
}
