import { ok } from '../../src-shared/errors/result.ts';
import type { Side } from '../../src-shared/world/traffic.ts';
import { addressOf } from './addresses.ts';
import { upstreamOf } from './front-config.ts';
import { GATE_READY_PATH, type Address } from './ports.ts';
import type { ProbeTarget } from './probe-client.ts';
import type { FrontKeeper, TrafficPorts } from './room-ports.ts';

/** Where the core's half asks; null: not known. */
export interface Places {
  /** Straight to a side, on its health path. */
  side(side: Side): ProbeTarget | null;
  /** The gate's own word. */
  gateReady(): ProbeTarget | null;
  /** Through the front, on the health path. @param marked as a probe, not as traffic */
  front(marked: boolean): ProbeTarget | null;
}

export function createPlaces(
  ports: Pick<TrafficPorts, 'settings'>,
  keeper: Pick<FrontKeeper, 'gate' | 'pair' | 'config'>,
): Places {
  const healthPath = (): string => ports.settings().healthPath;
  const plain = (address: Address, marked: boolean): ProbeTarget => ({
    host: address.host,
    port: address.port,
    path: healthPath(),
    tls: null,
    marked,
  });
  const gate = (path: string): ProbeTarget | null => {
    const known = keeper.gate();
    const pair = keeper.pair();
    if (known === null || pair === null || pair.peerPin !== known.pin) return null;
    const tls = { keyPem: pair.keyPem, certificatePem: pair.certificatePem, peerPin: known.pin };
    return { host: known.host, port: known.port, path, tls, marked: true };
  };
  return {
    side(side) {
      if (side === 'edge') return gate(healthPath());
      // A front that did not take a new address serves by the old one.
      const open = keeper.config()?.core;
      const upstream = open === undefined ? upstreamOf(ports.settings()) : ok(open);
      return upstream.ok ? plain(upstream.value, true) : null;
    },
    gateReady: () => gate(GATE_READY_PATH),
    front(marked) {
      const open = keeper.config()?.listen;
      const { front, gateway, listen: wanted } = ports.settings();
      const listen = open === undefined ? addressOf(wanted) : ok(open);
      if (!listen.ok) return null;
      const target = plain(reachable(listen.value), marked);
      // A wildcard is no host that can be asked for: any name below it is.
      const hostname = gateway.hostname.replace(/^\*\./, 'tandem.');
      return front === 'gateway-api' && hostname !== '' ? { ...target, hostname } : target;
    },
  };
}

/** What listens everywhere is called on loopback. */
function reachable({ host, port }: Address): Address {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port };
  return host === '::' ? { host: '::1', port } : { host, port };
}
