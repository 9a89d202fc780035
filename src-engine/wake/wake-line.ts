import { apiAnswers } from '../../src-shared/world/clusters.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';
import type { WakeLineId } from '../../src-shared/world/wake.ts';
import type { World } from '../../src-shared/world/world.ts';

/** What is known at one look after a wake. */
export interface WakeFacts {
  readonly world: Pick<World, 'clusters' | 'primaryCluster' | 'peer' | 'tunnel' | 'traffic' | 'role'>;
  /** When it woke: what was sampled before says nothing of now. Wall time, milliseconds. */
  readonly wokeMs: number;
  readonly nowMs: number;
  /** Clock of the container runtime's machine against this one's; null: not to be told. */
  readonly skewMs: number | null;
  /** Of the API's certificate and of the own one; null: not to be told. */
  readonly certificates: readonly { readonly fromMs: number; readonly toMs: number }[] | null;
}

/** `waits`: not yet; it is looked at again until its limit, and then `problem` is said. `none`: nothing to look at. */
export type Look =
  { readonly kind: 'ok' | 'none' | 'unknown' } | { readonly kind: 'waits'; readonly problem: Problem };

/**
 * So long each may take, milliseconds. A node was Ready 14 s after its machine went on, a DNS that began anew 56 s after
 * (research/measured.md, kind 2 and 5); the link decides within 2.6 s (design/limits.md); a tunnel's first connection may
 * take 180 s, LAN mode looks each 15 s at what did not change.
 */
export const limitsMs: Readonly<Record<WakeLineId, number>> = {
  clock: 10_000,
  api: 60_000,
  nodes: 60_000,
  certificates: 10_000,
  link: 10_000,
  tunnel: 180_000,
  front: 30_000,
};

/** Further apart than this, leases and tokens fail (research/cluster-tools.md, section 7). */
const MOST_SKEW_MS = 2000;
/**
 * The link has decided by then what it hears (design/limits.md, Link), and who supervises the front whether it answers: both
 * tell changes alone.
 */
const DECIDED_MS = 3000;

const ok: Look = { kind: 'ok' };
const none: Look = { kind: 'none' };
const unknown: Look = { kind: 'unknown' };
const waits = (code: Problem['code'], params: Problem['params'] = {}): Look => ({
  kind: 'waits',
  problem: { code, params },
});

/** One look at one line. */
export function lookAt(id: WakeLineId, facts: WakeFacts): Look {
  return looks[id](facts);
}

const looks: Readonly<Record<WakeLineId, (facts: WakeFacts) => Look>> = {
  clock: (facts) => {
    const { skewMs } = facts;
    if (runningCluster(facts) === null) return none;
    if (skewMs === null) return unknown;
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    return Math.abs(skewMs) <= MOST_SKEW_MS ? ok : waits('vmClockLags', { seconds });
  },
  api: (facts) => {
    const cluster = runningCluster(facts);
    if (cluster === null) return none;
    if (!isFresh(facts, cluster.sampledAt)) return waits('apiUnreachable', { name: cluster.name });
    if (cluster.state === 'unknown') return waits('dockerDown');
    return apiAnswers(cluster) ? ok : waits('apiUnreachable', { name: cluster.name });
  },
  nodes: (facts) => {
    const cluster = runningCluster(facts);
    if (cluster === null) return none;
    const behind = cluster.nodes.filter(({ ready }) => ready !== true).map(({ name }) => name);
    const isProven = cluster.state === 'running' && isFresh(facts, cluster.sampledAt);
    if (behind.length > 0) return waits('nodesNotReady', { nodes: behind.join(', ') });
    return isProven ? ok : waits('clusterNotRunning', { name: cluster.name, state: cluster.state });
  },
  certificates: (facts) => {
    const { certificates, nowMs } = facts;
    if (runningCluster(facts) === null) return none;
    if (certificates === null) return unknown;
    const over = certificates.find(({ toMs }) => toMs < nowMs);
    if (over !== undefined) return waits('certificateOver', { date: dayOf(over.toMs) });
    const early = certificates.find(({ fromMs }) => fromMs > nowMs + MOST_SKEW_MS);
    return early === undefined ? ok : waits('certificateEarly', { date: dayOf(early.fromMs) });
  },
  link: ({ world: { peer }, wokeMs, nowMs }) => {
    if (peer === null) return none;
    const isTold = peer.toldAt !== null && Date.parse(peer.toldAt) >= wokeMs;
    const isHeard = isTold || nowMs - wokeMs >= DECIDED_MS;
    return peer.link === 'up' && isHeard ? ok : waits('peerAway');
  },
  tunnel: (facts) => {
    const { tunnel } = facts.world;
    if (tunnel === null || tunnel.state === 'none' || tunnel.operation !== null) return none;
    // The word of who carries it, from after the wake: a look at what was said before it proves nothing.
    const saidAt = spokeAt(tunnel);
    if (
      tunnel.state === 'connected' &&
      saidAt !== null &&
      isFresh(facts, saidAt) &&
      isFresh(facts, tunnel.sampledAt)
    )
      return ok;
    return waits(tunnel.problem?.code ?? 'tunnelNotBack', tunnel.problem?.params ?? {});
  },
  front: (facts) => {
    const { traffic, role } = facts.world;
    if (traffic === null) return none;
    if (role === 'edge') {
      // What it stays out for is its own word, and no fault.
      const isDown = traffic.gate === null || traffic.gate.notReady === 'upstreamDown';
      return isDown ? waits('gateDown', { detail: traffic.gate?.notReady ?? '-' }) : ok;
    }
    const isSeen = isFresh(facts, traffic.sampledAt) || facts.nowMs - facts.wokeMs >= DECIDED_MS;
    if (traffic.state === 'up' && isSeen) return ok;
    return waits(traffic.problem?.code ?? 'frontDown', traffic.problem?.params ?? { detail: traffic.state });
  },
};

function spokeAt({ kind, relay, submariner, cilium }: NonNullable<World['tunnel']>): string | null {
  switch (kind) {
    case 'lan':
      return relay?.answeredAt ?? null;
    case 'submariner':
      return submariner?.gateway?.updatedAt ?? null;
    case 'cilium':
      return cilium?.peer?.seenAt ?? null;
  }
}

/** What each stands on: where that is wrong, it is not waited for. */
export const standsOn: Readonly<Partial<Record<WakeLineId, WakeLineId>>> = {
  nodes: 'api',
  certificates: 'api',
  tunnel: 'link',
};

/** One that has stopped, or was stopped, has nothing to wake. */
function runningCluster({ world: { clusters, primaryCluster } }: WakeFacts) {
  const cluster = clusters.find(({ name }) => name === primaryCluster) ?? clusters[0];
  const isUp =
    cluster !== undefined && ['running', 'degraded', 'starting', 'unknown'].includes(cluster.state);
  return isUp && cluster.provider !== 'embedded' ? cluster : null;
}

const isFresh = ({ wokeMs }: WakeFacts, sampledAt: string): boolean => Date.parse(sampledAt) >= wokeMs;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
