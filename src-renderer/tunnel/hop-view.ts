import type { CiliumView, SubmarinerView, Tunnel } from '../../src-shared/world/tunnel.ts';

export type HopTone = 'ok' | 'warn' | 'bad' | 'dim';

/** One hop of the path between the clusters: where it is, how it is, and when that was seen. */
export interface Hop {
  /** Words are `tunnel.hop.ID` in language/. */
  readonly id:
    'own' | 'way' | 'peer' | 'ownGateway' | 'tunnel' | 'peerGateway' | 'ownMesh' | 'mesh' | 'peerMesh';
  readonly tone: HopTone;
  /** `HOST:PORT`, or a gateway's address, or else its node; null where there is none to show. */
  readonly address: string | null;
  /** Of the question that was answered last, on the way alone. */
  readonly rttMs: number | null;
  readonly seenAt: string | null;
}

/** Own end, the way, the other end; empty while there is nothing to carry. */
export function hopsOf(tunnel: Tunnel): readonly Hop[] {
  if (tunnel.submariner !== null) return gatewayHops(tunnel, tunnel.submariner);
  if (tunnel.cilium !== null) return meshHops(tunnel, tunnel.cilium);
  return relayHops(tunnel);
}

function relayHops({ relay, problem }: Tunnel): readonly Hop[] {
  if (relay === null) return [];
  const { listen, peer, rttMs, answeredAt } = relay;
  const answers = rttMs !== null;
  const isOwnBroken = problem?.code === 'relayDown' || problem?.code === 'relayPortTaken';
  const there: HopTone = peer === null ? 'dim' : answers ? 'ok' : 'bad';
  return [
    {
      id: 'own',
      tone: isOwnBroken ? 'bad' : listen === null ? 'warn' : 'ok',
      address: listen,
      rttMs: null,
      seenAt: null,
    },
    { id: 'way', tone: there, address: null, rttMs, seenAt: answeredAt },
    { id: 'peer', tone: there, address: peer, rttMs: null, seenAt: answeredAt },
  ];
}

const tones = { connected: 'ok', connecting: 'warn', error: 'bad', none: 'dim', unknown: 'dim' } as const;

/** Everything is this Mac's own gateway's word: while that is silent, the rest is not known. */
function gatewayHops({ problem }: Tunnel, { clusterId, gateway, peer }: SubmarinerView): readonly Hop[] {
  if (clusterId === null && gateway === null) return [];
  const seenAt = gateway?.updatedAt ?? null;
  const isSilent = problem?.code === 'tunnelSilent';
  const own: HopTone = gateway === null ? 'bad' : isSilent ? 'dim' : 'ok';
  const way = peer === null ? 'dim' : tones[peer.state];
  return [
    { id: 'ownGateway', tone: own, address: gateway?.address ?? gateway?.node ?? null, rttMs: null, seenAt },
    {
      id: 'tunnel',
      tone: way,
      address: null,
      rttMs: peer?.rttMs ?? null,
      seenAt: peer === null ? null : seenAt,
    },
    {
      id: 'peerGateway',
      // It is seen through the tunnel alone.
      tone: way === 'bad' ? 'dim' : way,
      address: peer?.address ?? peer?.node ?? null,
      rttMs: null,
      seenAt: peer?.state === 'connected' ? seenAt : null,
    },
  ];
}

/** Everything is the word of this cluster's own agents: while they are not asked, the rest is not known. */
function meshHops({ problem }: Tunnel, { clusterName, agents, apiserver, peer }: CiliumView): readonly Hop[] {
  if (clusterName === null || agents === null) return [];
  const isOwnBroken = problem?.code === 'ciliumAgentsNotReady' || problem?.code === 'clusterMeshDown';
  const own: HopTone = isOwnBroken ? 'bad' : apiserver === null ? 'warn' : 'ok';
  const way = peer === null ? 'dim' : tones[peer.state];
  const seenAt = peer?.seenAt ?? null;
  return [
    { id: 'ownMesh', tone: own, address: clusterName, rttMs: null, seenAt: null },
    { id: 'mesh', tone: way, address: null, rttMs: null, seenAt },
    {
      id: 'peerMesh',
      // It is seen through the mesh alone.
      tone: way === 'bad' ? 'dim' : way,
      address: peer?.clusterName ?? null,
      rttMs: null,
      seenAt: peer?.state === 'connected' ? seenAt : null,
    },
  ];
}
