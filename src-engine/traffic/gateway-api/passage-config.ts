import type { FrontConfig } from '../ports.ts';
import type { Backend, PassagePlace } from './gateway-ports.ts';

/** Our Services in the cluster, which the route names. */
export const BACKENDS = { core: 'tandem-front-core', edge: 'tandem-front-edge' } as const;
/** Theirs, not the passage's. */
export const BACKEND_PORT = 80;

/**
 * The passage: the front's own program between the gateway and both sides, one port for each. It speaks to the edge's
 * gate, which no gateway can (decisions 3 and 23), counts, says who answered, sends again what a dead edge did not
 * answer, and gives the edge nothing while its share is 0, however late the gateway is.
 */
export function passageConfig(
  { core, edge }: Pick<FrontConfig, 'core' | 'edge'>,
  { listenHost, allow }: PassagePlace,
  port: number,
): FrontConfig {
  return {
    listen: { host: listenHost, port },
    edgeListen: { host: listenHost, port: port + 1 },
    allow: [...allow],
    core,
    edge,
  };
}

/** Where the cluster's network reaches it. */
export function backendsAt({ seenAs }: PassagePlace, port: number): readonly Backend[] {
  return [
    { name: BACKENDS.core, port: BACKEND_PORT, to: { address: seenAs, port } },
    { name: BACKENDS.edge, port: BACKEND_PORT, to: { address: seenAs, port: port + 1 } },
  ];
}
