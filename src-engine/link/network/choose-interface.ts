import { isAddress, isPrivate, sameSubnet } from './addresses.ts';
import type { DefaultRoute } from './proc-net.ts';

/** An IPv4 address of this host. */
export interface OwnAddress {
  readonly interfaceName: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly internal: boolean;
}

/** Bridges, tunnels and helpers that no other Mac of a home is behind. */
const VIRTUAL =
  /^(docker|br-|veth|utun|bridge|awdl|llw|lo|tun|tap|vmnet|virbr|cni|flannel|vmenet|gif|stf|ap\d)/;

/**
 * Where this Mac meets the other: the address of the setting if it is ours; else the one in the
 * subnet of the peer's last address; else the default route's; else the first private one that is
 * no bridge or tunnel. Null: no network.
 */
export function chooseInterface(
  own: readonly OwnAddress[],
  routes: readonly DefaultRoute[],
  setting: string,
  peerAddress: string | null,
): OwnAddress | null {
  const real = own.filter(({ internal, interfaceName }) => !internal && !VIRTUAL.test(interfaceName));
  return (
    bySetting(own, setting) ??
    byPeer(own, peerAddress) ??
    byRoute(real, routes) ??
    real.find(({ address }) => isPrivate(address)) ??
    null
  );
}

/** The whole of 127/8 is ours on Linux, so that a loopback address need not be written on an interface. */
function bySetting(own: readonly OwnAddress[], setting: string): OwnAddress | null {
  if (!isAddress(setting)) return null;
  const exact = own.find(({ address }) => address === setting);
  if (exact !== undefined) return exact;
  const loopback = own.find(
    (entry) => entry.internal && sameSubnet(entry.address, setting, entry.prefixLength),
  );
  return loopback === undefined ? null : { ...loopback, address: setting };
}

/** The narrowest subnet wins, as in a routing table. */
function byPeer(own: readonly OwnAddress[], peerAddress: string | null): OwnAddress | null {
  if (peerAddress === null) return null;
  const near = own.filter(({ address, prefixLength }) => sameSubnet(address, peerAddress, prefixLength));
  return [...near].sort((a, b) => b.prefixLength - a.prefixLength)[0] ?? null;
}

/** A default route into a VPN says nothing of the LAN: its interface is not among `real`. */
function byRoute(real: readonly OwnAddress[], routes: readonly DefaultRoute[]): OwnAddress | null {
  for (const route of routes) {
    const usable = real.filter(({ interfaceName }) => interfaceName === route.interfaceName);
    const beside = usable.find(
      ({ address, prefixLength }) =>
        route.gateway !== null && sameSubnet(address, route.gateway, prefixLength),
    );
    const found = beside ?? usable[0];
    if (found !== undefined) return found;
  }
  return null;
}
