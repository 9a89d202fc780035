import type { OwnLink } from '../../../src-shared/world/peer.ts';
import type { OwnNetwork, PairedPeer } from '../ports.ts';
import { hardwareAddress, sameSubnet } from './addresses.ts';

/** Stands in the list of refused routers for a network that has none. */
export const NO_ROUTER = 'no-router';

/** What a network is told by: its router's MAC address where it can be read, else its address; null: no router. */
export function routerKey(network: OwnNetwork): string | null {
  return network.gatewayMac ?? network.gateway;
}

export type HomeNetwork = Exclude<OwnLink['network'], 'unpaired'>;

type Known = Pick<PairedPeer, 'address' | 'homeRouters' | 'refusedRouters'>;

/**
 * May this Mac listen and announce here? `home`: the network of the pairing, `trusted`: one that a
 * person said yes to, `refused`: no to, `other`: not asked yet, `none`: no network. Without a router
 * it is home when the pairing had none either and the other Mac's address lies in this subnet.
 *
 * Where MAC addresses are remembered, they alone count: half of all homes share a router's address. Null is undecided:
 * the router's MAC could not be read this time, and nothing else tells it.
 */
export function homeNetwork(peer: Known, network: OwnNetwork | null): HomeNetwork | null {
  if (network === null) return 'none';
  const { gateway, gatewayMac } = network;
  if (gateway === null) return withoutRouter(peer, network);
  const remembersMacs = [...peer.homeRouters, ...peer.refusedRouters].some(
    (key) => key !== null && hardwareAddress(key) !== null,
  );
  if (remembersMacs && gatewayMac === null) return null;
  const key = remembersMacs ? gatewayMac : gateway;
  if (key !== null && peer.refusedRouters.includes(key)) return 'refused';
  return standing(
    peer.homeRouters.findIndex((home) => home !== null && (home === key || home === gatewayMac)),
  );
}

function withoutRouter(peer: Known, network: OwnNetwork): HomeNetwork {
  if (peer.refusedRouters.includes(NO_ROUTER)) return 'refused';
  const besidePeer = sameSubnet(peer.address, network.address, network.prefixLength);
  return standing(besidePeer ? peer.homeRouters.indexOf(null) : -1);
}

function standing(at: number): HomeNetwork {
  if (at === -1) return 'other';
  return at === 0 ? 'home' : 'trusted';
}
