import type { PeerFacts, PeerMesh } from '../../../src-shared/cilium-messages.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { firstOverlap, type NamedNetwork } from '../submariner/cidr.ts';
import type { Mesh, PodCount } from './mesh.ts';

/** In the order in which they are asked; words are `preflight.ID` in language/. */
export const meshIds = [
  'cluster',
  'ciliumTool',
  'cilium',
  'clusterMesh',
  'peer',
  'peerCilium',
  'identity',
  'datapath',
  'podNetworks',
  'authority',
  'peerApi',
] as const;
export type MeshId = (typeof meshIds)[number];

/** `unknown`: it could not be looked at; that alone stops nothing. */
export interface MeshLine {
  readonly id: MeshId;
  readonly verdict: 'ok' | 'problem' | 'unknown';
  readonly problem: Problem | null;
}

export interface MeshFacts {
  readonly cluster: { readonly name: string; readonly provider: string; readonly state: string } | null;
  readonly apiAnswers: boolean;
  /** What is wrong with the tool; null: nothing. */
  readonly toolProblem: Problem | null;
  /** Null: Cilium is not in this cluster. */
  readonly own: (Mesh & { readonly authority: string | null }) | null;
  readonly linkUp: boolean;
  /** What the other Mac said when it was asked just now; null: nothing. */
  readonly peer: Pick<PeerFacts, 'known' | 'hasTool' | 'mesh' | 'apiUrl'> | null;
  /** Its cluster's API took a connection; null: there is none to ask. */
  readonly peerApiAnswers: boolean | null;
}

/** Everything that keeps two clusters from one mesh, each by name, before anything is changed. */
export function meshPreflight(facts: MeshFacts): MeshLine[] {
  return meshIds.map((id) => {
    const found = looks[id](facts);
    return typeof found === 'string'
      ? { id, verdict: found, problem: null }
      : { id, verdict: 'problem', problem: found };
  });
}

/** The first that is wrong. */
export const firstMeshProblem = (lines: readonly MeshLine[]): Problem | null =>
  lines.find(({ verdict }) => verdict === 'problem')?.problem ?? null;

type Found = 'ok' | 'unknown' | Problem;

const problem = (code: Problem['code'], params: Problem['params'] = {}): Problem => ({ code, params });

const looks: Readonly<Record<MeshId, (facts: MeshFacts) => Found>> = {
  cluster: ({ cluster, apiAnswers }) => {
    if (cluster === null || cluster.provider === 'embedded')
      return problem('ciliumAbsent', { name: cluster?.name ?? '-' });
    const { name, state } = cluster;
    if (state !== 'running') return problem('clusterNotRunning', { name, state });
    return apiAnswers ? 'ok' : problem('apiUnreachable', { name });
  },
  ciliumTool: ({ toolProblem }) => toolProblem ?? 'ok',
  cilium: ({ own, cluster, apiAnswers }) => {
    if (own !== null) return agentsLook(own.agents, 'own');
    return apiAnswers ? problem('ciliumAbsent', { name: cluster?.name ?? '-' }) : 'unknown';
  },
  clusterMesh: ({ own }) => (own === null ? 'unknown' : serverLook(own.apiserver, 'own')),
  peer: ({ linkUp, peer }) => (linkUp && peer !== null ? 'ok' : problem('peerAway')),
  peerCilium: ({ peer }) => {
    // That it is away is said already.
    if (peer === null) return 'unknown';
    if (!peer.known) return problem('ciliumPeerApiSilent', { address: '-', why: 'peer' });
    if (peer.mesh === null) return problem('ciliumPeerAbsent');
    const agents = agentsLook(peer.mesh.agents, 'peer');
    const server = agents === 'ok' ? serverLook(peer.mesh.apiserver, 'peer') : agents;
    // Its agents are asked by its own tool: without it nobody there would ever know that they meet.
    return server === 'ok' && !peer.hasTool ? problem('ciliumMissing', { why: 'peer' }) : server;
  },
  identity: ({ own, peer }) => identityLook(own, peer?.mesh ?? null),
  datapath: ({ own, peer }) =>
    both(own, peer?.mesh, (mine, theirs) =>
      mine.datapath === theirs.datapath
        ? 'ok'
        : problem('ciliumDatapathDiffers', { own: mine.datapath, other: theirs.datapath }),
    ),
  podNetworks: ({ own, peer }) => both(own, peer?.mesh, networksLook),
  authority: ({ own, peer }) =>
    both(own?.authority, peer?.mesh?.authority, (mine, theirs) =>
      mine === theirs ? 'ok' : problem('ciliumAuthorityDiffers'),
    ),
  peerApi: ({ peer, peerApiAnswers }) => {
    if (peer === null || !peer.known) return 'unknown';
    if (peer.apiUrl === null) return problem('ciliumPeerApiHidden');
    if (peerApiAnswers === null) return 'unknown';
    return peerApiAnswers ? 'ok' : problem('ciliumPeerApiSilent', { address: peer.apiUrl });
  },
};

function both<T, U>(
  own: T | null | undefined,
  other: U | null | undefined,
  look: (own: T, other: U) => Found,
) {
  return own == null || other == null ? 'unknown' : look(own, other);
}

/** `why` chooses the sentence: whose cluster it is. */
function agentsLook({ ready, total }: PodCount, why: 'own' | 'peer'): Found {
  return total > 0 && ready === total ? 'ok' : problem('ciliumAgentsNotReady', { ready, total, why });
}

function serverLook(server: PodCount | null, why: 'own' | 'peer'): Found {
  if (server === null) return problem('clusterMeshOff', { why });
  return server.ready > 0 ? 'ok' : problem('clusterMeshDown', { why });
}

/** Documentation/network/clustermesh: at most 32 lower-case letters, digits and dashes; `default` is nobody's name. */
const fits = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

type Identity = Pick<PeerMesh, 'clusterName' | 'clusterId' | 'most'>;

function identityLook(own: Identity | null, peer: Identity | null): Found {
  if (own === null) return 'unknown';
  const mine = nameLook(own, 'own');
  if (mine !== 'ok' || peer === null) return mine;
  if (own.most !== peer.most) return problem('ciliumMostDiffers', { own: own.most, other: peer.most });
  if (own.clusterName === peer.clusterName) return problem('ciliumNamesSame', { name: own.clusterName });
  if (own.clusterId === peer.clusterId) return problem('ciliumIdsSame', { id: own.clusterId });
  return nameLook(peer, 'peer');
}

function nameLook({ clusterName: name, clusterId: id, most }: Identity, why: 'own' | 'peer'): Found {
  const isRight = fits.test(name) && name !== 'default' && id >= 1 && id <= most;
  return isRight ? 'ok' : problem('ciliumIdentity', { name, id, most, why });
}

interface PodNetworks {
  readonly podCidrs: readonly string[];
}
/** A mesh joins networks of pods; those of one cluster may lie in each other, as a pool and its nodes do. */
function networksLook(own: PodNetworks, peer: PodNetworks): Found {
  if (own.podCidrs.length === 0 || peer.podCidrs.length === 0) return 'unknown';
  const named = (what: NamedNetwork['what'], cidr: string): NamedNetwork => ({ what, cidr });
  for (const mine of own.podCidrs)
    for (const theirs of peer.podCidrs) {
      const met = firstOverlap([named('ownPods', mine), named('peerPods', theirs)]);
      if (met === null) continue;
      const params = { what: 'ownPods', cidr: mine, otherWhat: 'peerPods', otherCidr: theirs };
      return problem('cidrsOverlap', { ...params, why: 'cilium' });
    }
  return 'ok';
}
