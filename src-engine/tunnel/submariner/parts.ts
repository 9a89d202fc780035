import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { pause } from '../../platform/clock.ts';
import type { Memory } from './memory.ts';
import type { PeerTalk } from './peer-talk.ts';
import type { PrivateKubeconfig, StepContext, SubmarinerHands, SubmarinerPorts } from './ports.ts';
import type { PreflightLine } from './preflight.ts';
import type { Progress } from './progress.ts';
import type { Probed, Subctl } from './subctl.ts';
import type { SeenWord } from './tunnel-view.ts';

/** The manager's parts, as its files know each other. */
export interface Parts {
  readonly ports: SubmarinerPorts;
  readonly memory: Memory;
  readonly subctl: Subctl;
  readonly talk: PeerTalk;
  /** Under way now. */
  progress: Progress | null;
  interrupt: AbortController | null;
  /** Resolves when what is under way, its undo included, is over. */
  over: Promise<unknown>;
  /** LAN mode has gone for a join that is under way. */
  claims: boolean;
  /** Of the last pre-flight. */
  lines: readonly PreflightLine[];
  /** What a crash left half done is taken up now. */
  isRepairing: boolean;
  word: SeenWord | null;
  apartSinceMs: number | null;
  /** Monotonic; an undo that failed is tried again after a while. */
  triedMs: number;
  /** A tool that a crash of the engine would leave behind. */
  noteChild(pid: number): void;
  hands: { readonly kubeconfig: string; readonly hands: SubmarinerHands | null } | null;
}

/** Between two looks while something is waited for. */
const POLL_MS = 1000;

/** By which the other clusters know this one: the cluster's name and the Mac's role, so that a pair's two differ. */
export function clusterIdOf(name: string, role: string): string {
  return `${name}-${role}`.slice(0, 63);
}

/** Null: the cluster is not up, or has no API. */
export async function handsOf(parts: Parts): Promise<SubmarinerHands | null> {
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

/** The cluster's kubeconfig under the name of its ID, where only this user and subctl read it. */
export async function accessTo(
  { ports, memory }: Parts,
  wish: { readonly name: string; readonly server: string | null },
): Promise<Result<PrivateKubeconfig>> {
  const cluster = ports.cluster();
  const text = cluster === null ? null : await ports.kubeconfig(cluster.name);
  const access = text === null ? null : await ports.privately(text, wish);
  if (access === null) return fail('apiUnreachable', { name: cluster?.name ?? '-' });
  await memory.writeKubeconfig(access.text);
  return ok(access);
}

export interface SubctlRun {
  readonly args: readonly string[];
  readonly limitMs: number;
  readonly clusterId: string;
  readonly broker: string;
}

/** Runs subctl with what `accessTo` wrote; the file is gone afterwards. */
export async function runSubctl(
  { subctl, memory }: Parts,
  probed: Probed,
  { args, limitMs, clusterId, broker }: SubctlRun,
  { signal, child, detail }: Pick<StepContext, 'signal' | 'child' | 'detail'>,
): Promise<Result<void>> {
  const { kubeconfigFile } = memory;
  try {
    return await subctl.run(probed, args, {
      signal,
      limitMs,
      kubeconfigFile,
      known: { clusterId, broker },
      child,
      detail,
    });
  } finally {
    await memory.forgetKubeconfig();
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
    const seen = await look();
    if (seen !== null) return seen;
    if (signal?.aborted === true || ports.clock.monotonicMs() >= endMs) return null;
    await pause(ports.scheduler, POLL_MS, signal);
  }
}
