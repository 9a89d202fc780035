import type { Side } from '../../../src-shared/world/traffic.ts';

/** The two backends that carry traffic: GET and HEAD over kept connections, everything else over fresh ones. */
export const BACKENDS = ['be', 'bp'] as const;
export type Backend = (typeof BACKENDS)[number];

/**
 * Servers whose counters belong to a side (`oe` and `op` have what is too much for the edge), and the one whose checks
 * speak for it.
 */
export const SERVERS: Record<Side, { readonly traffic: readonly string[]; readonly check: string }> = {
  core: {
    traffic: ['be/core', 'bp/core', 'be/last', 'bp/last', 'oe/core', 'op/core', 'oe/last', 'op/last'],
    check: 'cc/core',
  },
  edge: { traffic: ['be/edge', 'bp/edge'], check: 'ce/edge' },
};
