import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { systemTools, type Tools } from '../../platform/tools.ts';
import type { OwnNetwork } from '../ports.ts';
import { chooseInterface, type OwnAddress } from './choose-interface.ts';
import { parseMacArp, parseRouteGet } from './mac-net.ts';
import { parseProcArp, parseProcRoutes, type DefaultRoute, type Neighbour } from './proc-net.ts';

/** What the operating system tells of networks; one implementation per system, and test doubles. */
export interface NetworkSource {
  /** IPv4 alone; cheap. */
  addresses(): readonly OwnAddress[];
  /** Best first. `interfaceName`: only that interface's, where the system tells it apart. */
  defaultRoutes(interfaceName?: string): Promise<readonly DefaultRoute[]>;
  /** The ARP table, or of it the entry of `address`. */
  neighbours(address?: string): Promise<readonly Neighbour[]>;
  /** Makes the system ask for the hardware address of `address`; the answer shows in `neighbours`. */
  stir(address: string): Promise<void>;
}

const TOOL_LIMIT = { timeoutMs: 1000, graceMs: 0 } as const;

/** This host's own: /proc on Linux, `route` and `arp` on macOS. */
export function systemNetworkSource(
  platform: string = process.platform,
  tools: Tools = systemTools,
): NetworkSource {
  return platform === 'darwin'
    ? { addresses: ownAddresses, stir, ...macSource(tools) }
    : { addresses: ownAddresses, stir, ...procSource() };
}

/** IPv4 addresses of this host, in the order the system lists them. */
export function ownAddresses(): readonly OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, entries]) =>
    (entries ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, cidr, internal }) => ({
        interfaceName,
        address,
        prefixLength: Number(cidr?.split('/')[1] ?? 32),
        internal,
      })),
  );
}

function procSource(): Pick<NetworkSource, 'defaultRoutes' | 'neighbours'> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  return {
    async defaultRoutes(interfaceName) {
      const routes = parseProcRoutes(await read('/proc/net/route'));
      return interfaceName === undefined
        ? routes
        : routes.filter((route) => route.interfaceName === interfaceName);
    },
    async neighbours(address) {
      const all = parseProcArp(await read('/proc/net/arp'));
      return address === undefined ? all : all.filter((entry) => entry.address === address);
    },
  };
}

function macSource(tools: Tools): Pick<NetworkSource, 'defaultRoutes' | 'neighbours'> {
  return {
    async defaultRoutes(interfaceName) {
      // While a VPN holds the default route, the LAN's own is found by scope (route(8), -ifscope).
      const scope = interfaceName === undefined ? [] : ['-ifscope', interfaceName];
      const said = await tools.run('/sbin/route', ['-n', 'get', ...scope, 'default'], TOOL_LIMIT);
      const route = parseRouteGet(said.stdout);
      return route === null ? [] : [route];
    },
    async neighbours(address) {
      const which = address === undefined ? ['-an'] : ['-n', address];
      return parseMacArp((await tools.run('/usr/sbin/arp', which, TOOL_LIMIT)).stdout);
    },
  };
}

/** An empty datagram to the discard port (RFC 863): it needs the neighbour's hardware address to leave. */
function stir(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const done = (): void => {
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve();
    };
    socket.once('error', done);
    socket.send('', 9, address, done);
  });
}

/** What is wanted of this host's network. */
export interface NetworkWish {
  /** `link.address` of the settings; empty: none. */
  readonly setting: string;
  /** Where the peer was reached last. */
  readonly peerAddress: string | null;
}

/**
 * The network of this host that the link uses, or null when there is none.
 *
 * @param wait resolves after that many milliseconds; a router's hardware address is asked for three
 *   times, 60 ms apart, where the table has none yet
 */
export async function readOwnNetwork(
  source: NetworkSource,
  wish: NetworkWish,
  wait: (delayMs: number) => Promise<void>,
): Promise<OwnNetwork | null> {
  const own = source.addresses();
  // Without an address beyond loopback no route leads anywhere: no need to ask.
  const routes = own.every(({ internal }) => internal) ? [] : await source.defaultRoutes();
  const chosen = chooseInterface(own, routes, wish.setting, wish.peerAddress);
  if (chosen === null) return null;
  const gateway = chosen.internal ? null : await gatewayOf(source, routes, chosen);
  return {
    interfaceName: chosen.interfaceName,
    address: chosen.address,
    prefixLength: chosen.prefixLength,
    gateway,
    gatewayMac: gateway === null ? null : await hardwareOf(source, gateway, wait),
  };
}

async function gatewayOf(
  source: NetworkSource,
  routes: readonly DefaultRoute[],
  chosen: OwnAddress,
): Promise<string | null> {
  const of = (list: readonly DefaultRoute[]): string | null =>
    list.find(({ interfaceName }) => interfaceName === chosen.interfaceName)?.gateway ?? null;
  if (routes.length === 0) return null;
  return of(routes) ?? of(await source.defaultRoutes(chosen.interfaceName));
}

async function hardwareOf(
  source: NetworkSource,
  address: string,
  wait: (delayMs: number) => Promise<void>,
): Promise<string | null> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const [entry] = await source.neighbours(address);
    if (entry?.mac != null) return entry.mac;
    if (attempt === 3) break;
    await source.stir(address);
    await wait(60);
  }
  return null;
}
