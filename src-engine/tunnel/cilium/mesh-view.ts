import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { CiliumView, TunnelState } from '../../../src-shared/world/tunnel.ts';
import type { Mesh, Seen } from './mesh.ts';

/** The agents are asked this often: it costs a run of the tool, which asks inside each of their pods. */
export const ASK_MS = 30_000;
/** Three answers that did not come: how the mesh is, is not known. */
export const STALE_MS = 3 * ASK_MS;
/** cilium's own `--wait` shows agents that need 77 s; as long as a tunnel of Submariner's gets. */
export const CONNECT_MS = 180_000;

/** What the agents said last of the other cluster. */
export interface MeshWord {
  readonly remote: string;
  readonly configured: number;
  readonly connected: number;
  readonly total: number;
  /** Monotonic. */
  readonly saidMs: number;
}

export interface MeshFacts {
  readonly seen: Seen;
  /** Of the cluster that this Mac means. */
  readonly cluster: string;
  /** Cilium's name of the other Mac's; null: it has not said it, and none of those that are told of is taken for it. */
  readonly peerName: string | null;
  readonly word: MeshWord | null;
  /** Why the agents are not asked; null: they are. */
  readonly toolProblem: Problem | null;
  readonly now: { readonly monotonicMs: number; readonly wallMs: number };
  /** Since when it is not connected; null: it is, or was not looked at. */
  readonly apartMs: number | null;
}

export interface MeshShown {
  readonly state: TunnelState;
  readonly problem: Problem | null;
  readonly view: CiliumView;
}

/** How the mesh is: by the cluster's own objects, and by the agents' word while it is fresh. */
export function meshShown(facts: MeshFacts): MeshShown {
  const { seen } = facts;
  if (seen.kind === 'noAnswer') return { state: 'unknown', problem: null, view: nothing };
  if (seen.kind === 'absent') {
    const missing: Problem = { code: 'ciliumAbsent', params: { name: facts.cluster } };
    return { state: 'error', problem: missing, view: nothing };
  }
  const { mesh } = seen;
  const remote = remoteOf(mesh, facts.peerName);
  const judged = judge(facts, mesh, remote);
  const { clusterName, clusterId, version, agents, apiserver } = mesh;
  const peer = remote === null ? null : peerView(facts, remote, judged.state);
  return { ...judged, view: { clusterName, clusterId, version, agents, apiserver, peer } };
}

const nothing: CiliumView = {
  clusterName: null,
  clusterId: null,
  version: null,
  agents: null,
  apiserver: null,
  peer: null,
};

/** The other Mac's cluster, where this one is told of it. */
export const remoteOf = ({ remotes }: Pick<Mesh, 'remotes'>, peerName: string | null): string | null =>
  remotes.find((name) => name === peerName) ?? null;

type Judged = Pick<MeshShown, 'state' | 'problem'>;

function judge(facts: MeshFacts, mesh: Mesh, remote: string | null): Judged {
  const broken = brokenIn(mesh);
  if (broken !== null) return { state: 'error', problem: broken };
  // One of them may be the other Mac's, who has not said its name.
  if (facts.peerName === null && mesh.remotes.length > 0) return { state: 'unknown', problem: null };
  if (remote === null) {
    const off: Problem | null =
      mesh.apiserver === null ? { code: 'clusterMeshOff', params: { why: 'own' } } : null;
    return { state: 'none', problem: off };
  }
  const word = wordOn(facts, remote);
  if (word === null) return { state: 'unknown', problem: facts.toolProblem };
  const seconds = Math.round((facts.now.monotonicMs - word.saidMs) / 1000);
  if (seconds * 1000 > STALE_MS)
    return {
      state: 'unknown',
      problem: facts.toolProblem ?? { code: 'clusterMeshUnsaid', params: { seconds } },
    };
  if (word.total > 0 && word.connected >= word.total) return { state: 'connected', problem: null };
  const isLate = facts.apartMs !== null && facts.apartMs > CONNECT_MS;
  const { connected, total } = word;
  const params = { clusterName: remote, connected, total, seconds: CONNECT_MS / 1000 };
  return { state: 'connecting', problem: isLate ? { code: 'clusterMeshApart', params } : null };
}

function brokenIn({ agents: { ready, total }, apiserver }: Mesh): Problem | null {
  if (total === 0 || ready < total)
    return { code: 'ciliumAgentsNotReady', params: { ready, total, why: 'own' } };
  return apiserver?.ready === 0 ? { code: 'clusterMeshDown', params: { why: 'own' } } : null;
}

/** What was said of another cluster says nothing of this one. */
const wordOn = ({ word }: MeshFacts, remote: string): MeshWord | null =>
  word?.remote === remote ? word : null;

function peerView(facts: MeshFacts, remote: string, state: TunnelState): CiliumView['peer'] {
  const word = wordOn(facts, remote);
  const { monotonicMs, wallMs } = facts.now;
  const isKnown = state !== 'unknown' && word !== null;
  return {
    clusterName: remote,
    state: state === 'connected' || state === 'connecting' ? state : 'unknown',
    connected: isKnown ? word.connected : null,
    total: isKnown ? word.total : null,
    seenAt: word === null ? null : new Date(wallMs - (monotonicMs - word.saidMs)).toISOString(),
  };
}
