import { clusterIdOf, handsOf, type Parts } from './parts.ts';
import type { Intent } from './memory.ts';
import { BROKER_NAMESPACE } from './preflight-facts.ts';

/** A cluster that is gone, or another one, is not joined by what its predecessor did. */
export function isJoinedHere({ ports, memory }: Pick<Parts, 'ports' | 'memory'>): boolean {
  const { joined } = memory.kept();
  return joined !== null && joined.cluster === ports.cluster()?.name;
}

/** As it joined, or would; null: this Mac has no cluster that could. */
export function ownId({ ports, memory }: Pick<Parts, 'ports' | 'memory'>): string | null {
  const cluster = ports.cluster();
  const { joined } = memory.kept();
  if (cluster === null || cluster.provider !== 'kind') return null;
  return joined?.cluster === cluster.name ? joined.clusterId : clusterIdOf(cluster.name, ports.role());
}

/** What stands before a verb begins: it is not its own to remove. */
export async function standing(parts: Parts): Promise<Intent['before']> {
  const hands = await handsOf(parts);
  const brokerNamespace = (await hands?.hasNamespace(BROKER_NAMESPACE)) ?? false;
  return { brokerNamespace, gatewayNode: null, hadLabel: false };
}
