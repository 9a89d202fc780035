import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { SubmarinerView, TunnelState } from '../../../src-shared/world/tunnel.ts';
import type { Connection, Gateway } from './crds.ts';

/** A gateway writes each 5 s; what is older than this is none of its word (submariner cableengine/syncer). */
export const STALE_MS = 15_000;
/** A first connection may need 60 s of NAT discovery and a set-up of a minute (research/cluster-tools.md, 1.4). */
export const CONNECT_MS = 180_000;
/** Of the NAT traversal port that both gateways use. */
export const TUNNEL_PORT = 4500;

/** A gateway's last word about itself, as it was seen to change by this Mac's own clock. */
export interface SeenWord {
  readonly gateway: string;
  readonly seconds: number;
  /** Monotonic. */
  readonly changedMs: number;
}

/**
 * A word that changes is fresh, whatever the clock of the machine that it comes from: that of a Docker VM lags after a
 * sleep. One that is seen for the first time is as old as both clocks say.
 */
export function nextWord(
  before: SeenWord | null,
  gateway: Pick<Gateway, 'name' | 'updatedSeconds'> | null,
  now: { readonly monotonicMs: number; readonly wallMs: number },
): SeenWord | null {
  if (gateway?.updatedSeconds == null) return null;
  const { name, updatedSeconds: seconds } = gateway;
  if (before?.gateway === name && before.seconds === seconds) return before;
  const isFirst = before?.gateway !== name;
  const agoMs = isFirst ? Math.abs(now.wallMs - seconds * 1000) : 0;
  return { gateway: name, seconds, changedMs: now.monotonicMs - agoMs };
}

/** What the API said of this cluster's gateways. */
export type Looked =
  | { readonly kind: 'gateways'; readonly gateways: readonly Gateway[] }
  /** Submariner is not there, or only coming. */
  | { readonly kind: 'absent' }
  /** Its kinds are of a version that this Tandem does not read. */
  | { readonly kind: 'otherVersion'; readonly version: string }
  | { readonly kind: 'noAnswer' };

export interface TunnelFacts {
  readonly looked: Looked;
  readonly word: SeenWord | null;
  readonly now: { readonly monotonicMs: number; readonly wallMs: number };
  readonly clusterId: string | null;
  /** The other Mac's; null: not known, and the first that is connected counts. */
  readonly peerId: string | null;
  readonly broker: string | null;
  /** Since when it is not connected, of this engine's own time; null: it is, or was not looked at. */
  readonly apartMs: number | null;
}

export interface TunnelWord {
  readonly state: TunnelState;
  readonly problem: Problem | null;
  readonly view: SubmarinerView;
}

/** How the tunnel is: the gateways' own word while it is fresh, and unknown when it is not. */
export function tunnelWord(facts: TunnelFacts): TunnelWord {
  const active = activeOf(facts.looked);
  const isStale = active !== null && ageMs(facts) > STALE_MS;
  const connection = active === null ? null : connectionTo(active, facts.peerId);
  const { state, problem } = judged(facts, active, connection, isStale);
  return { state, problem, view: viewOf(facts, active, connection, isStale) };
}

function activeOf(looked: Looked): Gateway | null {
  return looked.kind === 'gateways' ? (looked.gateways.find(({ isActive }) => isActive) ?? null) : null;
}

const ageMs = ({ word, now }: TunnelFacts): number =>
  word === null ? Infinity : now.monotonicMs - word.changedMs;

/** The other Mac's cluster, or else whichever is connected, or the first. */
function connectionTo({ connections }: Gateway, peerId: string | null): Connection | null {
  const own = connections.find(({ endpoint }) => endpoint.clusterId === peerId);
  return own ?? connections.find(({ state }) => state === 'connected') ?? connections[0] ?? null;
}

function judged(
  facts: TunnelFacts,
  active: Gateway | null,
  connection: Connection | null,
  isStale: boolean,
): Pick<TunnelWord, 'state' | 'problem'> {
  const { looked } = facts;
  if (looked.kind === 'noAnswer') return { state: 'unknown', problem: null };
  if (looked.kind === 'otherVersion')
    return { state: 'unknown', problem: { code: 'crdVersion', params: { version: looked.version } } };
  const failure =
    active?.failure ?? (looked.kind === 'gateways' ? (looked.gateways[0]?.failure ?? null) : null);
  if (active === null || failure !== null)
    return { state: 'error', problem: { code: 'gatewayInactive', params: { detail: failure ?? '-' } } };
  if (isStale) {
    const seconds = Number.isFinite(ageMs(facts)) ? Math.round(ageMs(facts) / 1000) : '?';
    return { state: 'unknown', problem: { code: 'tunnelSilent', params: { node: active.name, seconds } } };
  }
  return connection === null ? { state: 'none', problem: null } : ofConnection(facts, connection);
}

function ofConnection(
  { apartMs }: TunnelFacts,
  { state, message, endpoint }: Connection,
): Pick<TunnelWord, 'state' | 'problem'> {
  switch (state) {
    case null:
      return { state: 'unknown', problem: null };
    case 'connected':
      return { state, problem: null };
    case 'error':
    case 'none':
      return {
        state: 'error',
        problem: { code: 'tunnelBroken', params: { clusterId: endpoint.clusterId, detail: message ?? '-' } },
      };
    case 'connecting': {
      const isLate = apartMs !== null && apartMs > CONNECT_MS;
      const params = { port: TUNNEL_PORT, seconds: CONNECT_MS / 1000 };
      return { state, problem: isLate ? { code: 'tunnelBlocked', params } : null };
    }
  }
}

function viewOf(
  facts: TunnelFacts,
  active: Gateway | null,
  connection: Connection | null,
  isStale: boolean,
): SubmarinerView {
  const { now, clusterId, broker, looked } = facts;
  const age = ageMs(facts);
  return {
    clusterId,
    broker,
    gateway:
      active === null
        ? null
        : {
            node: active.name,
            address: active.local?.publicIp ?? null,
            version: active.version,
            updatedAt: Number.isFinite(age) ? new Date(now.wallMs - age).toISOString() : null,
          },
    peer:
      connection === null || looked.kind !== 'gateways'
        ? null
        : {
            clusterId: connection.endpoint.clusterId,
            node: connection.endpoint.node,
            address: connection.usingIp ?? connection.endpoint.publicIp,
            behindNat: connection.usingNat,
            state: isStale ? 'unknown' : (connection.state ?? 'unknown'),
            // A round trip that was measured before the silence says nothing of now.
            rttMs: isStale || connection.state !== 'connected' ? null : connection.rttMs,
            message: connection.message,
          },
  };
}
