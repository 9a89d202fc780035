import type { Dealing } from '../ports.ts';

/** Who carries out what a Gateway says. */
export interface Implementation {
  readonly name: string;
  readonly dealing: Dealing;
}

/** By `controllerName` of the GatewayClass. `in-turn` only where it was measured (research/measured.md, Gateway API 4). */
const KNOWN: Readonly<Record<string, Implementation>> = {
  'traefik.io/gateway-controller': { name: 'Traefik', dealing: 'in-turn' },
  'gateway.envoyproxy.io/gatewayclass-controller': { name: 'Envoy Gateway', dealing: 'random' },
  'istio.io/gateway-controller': { name: 'Istio', dealing: 'random' },
  'io.cilium/gateway-controller': { name: 'Cilium', dealing: 'random' },
  'gateway.nginx.org/nginx-gateway-controller': { name: 'NGINX Gateway Fabric', dealing: 'random' },
  'kgateway.dev/kgateway': { name: 'kgateway', dealing: 'random' },
  'konghq.com/kic-gateway-controller': { name: 'Kong', dealing: 'random' },
};

/** One that nobody here knows is taken for the harder case: it deals at random. */
export function implementationOf(controllerName: string): Implementation {
  return KNOWN[controllerName] ?? { name: controllerName, dealing: 'random' };
}

export interface Timeouts {
  readonly request: string | null;
  readonly backendRequest: string | null;
}
export const noTimeouts: Timeouts = { request: null, backendRequest: null };

/**
 * What the route says of time: only what the implementation says that it does (`supportedFeatures` of its class), since
 * others ignore it or refuse the route. Left alone a vanished host costs 30 s a request there (research/measured.md).
 *
 * @param seconds 0: no limit, which is also said, since some have one of their own (Envoy: 15 s)
 */
export function timeoutsFor(features: readonly string[], seconds: number): Timeouts {
  const text = `${seconds}s`;
  return {
    request: features.includes('HTTPRouteRequestTimeout') ? text : null,
    backendRequest: features.includes('HTTPRouteBackendTimeout') ? text : null,
  };
}
