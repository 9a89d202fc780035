import type { OwnLink } from '../../../src-shared/world/peer.ts';
import type { OwnNetwork, PairedPeer } from '../ports.ts';
import { sameSubnet } from './addresses.ts';

/** What a network is told by: its router's MAC address where it can be read, else its address; null: no router. */
export function routerKey(network: OwnNetwork): string | null {
  return network.gatewayMac ?? network.gateway;
}

export type HomeNetwork = Exclude<OwnLink['network'], 'unpaired'>;

/**
 * May this Mac listen and announce here? `home`: the network of the pairing, `trusted`: one that a
 * person said yes to, `refused`: no to, `other`: not asked yet, `none`: no network. Without a router
 * it is home when the pairing had none either and the other Mac's address lies in this subnet.
 *
 * A router that was remembered by its address stays known once its MAC can be read.
 */
export function homeNetwork(
  peer: Pick<PairedPeer, 'address' | 'homeRouters' | 'refusedRouters'>,
  network: OwnNetwork | null,
): HomeNetwork {
  if (network === null) return 'none';
  const keys = [network.gatewayMac, network.gateway].filter((key) => key !== null);
  if (keys.some((key) => peer.refusedRouters.includes(key))) return 'refused';
  const at = peer.homeRouters.findIndex((home) =>
    home === null ? keys.length === 0 && besidePeer(peer.address, network) : keys.includes(home),
  );
  if (at === -1) return 'other';
  return at === 0 ? 'home' : 'trusted';
}

function besidePeer(peerAddress: string, network: OwnNetwork): boolean {
  return sameSubnet(peerAddress, network.address, network.prefixLength);
}
