import { hardwareAddress } from './addresses.ts';

/** A way out: of Linux' /proc/net/route or macOS' `route -n get`. */
export interface DefaultRoute {
  readonly interfaceName: string;
  /** Null where the route needs none (a tunnel). */
  readonly gateway: string | null;
}

/** A neighbour on the LAN; `mac` is null while nobody answers for the address. */
export interface Neighbour {
  readonly address: string;
  readonly mac: string | null;
  readonly interfaceName: string;
}

const ROUTE_UP = 0x1;
const ROUTE_GATEWAY = 0x2;

/** Default routes of /proc/net/route (IPv4), the preferred (lowest metric) first. */
export function parseProcRoutes(text: string): readonly DefaultRoute[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= 8)
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .map(([interfaceName = '', , gateway = '', flags = '', , , metric = '']) => ({
      interfaceName,
      gateway: addressOfHex(gateway),
      flags: Number.parseInt(flags, 16),
      metric: Number(metric),
    }))
    .filter(({ flags }) => (flags & ROUTE_UP) !== 0)
    .sort((a, b) => a.metric - b.metric)
    .map(({ interfaceName, gateway, flags }) => ({
      interfaceName,
      gateway: (flags & ROUTE_GATEWAY) === 0 ? null : gateway,
    }));
}

/** The kernel prints the four bytes as one number of the host's order: little-endian on what we run on. */
function addressOfHex(hex: string): string | null {
  if (!/^[0-9A-Fa-f]{8}$/.test(hex)) return null;
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');
}

const ARP_COMPLETE = 0x2;

/** /proc/net/arp. An entry that is not complete has no hardware address. */
export function parseProcArp(text: string): readonly Neighbour[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= 6)
    .map(([address = '', , flags = '', mac = '', , interfaceName = '']) => ({
      address,
      mac: (Number(flags) & ARP_COMPLETE) === 0 ? null : hardwareAddress(mac),
      interfaceName,
    }));
}
