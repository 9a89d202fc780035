import { clusterIdOf, type Parts } from './parts.ts';

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

/** The cluster that has joined, when this Mac still has it and means another one now; null: it is not so. */
export function joinedElsewhere({ ports, memory }: Pick<Parts, 'ports' | 'memory'>): string | null {
  const { joined } = memory.kept();
  if (joined === null || joined.cluster === ports.cluster()?.name) return null;
  return ports.clusterNamed(joined.cluster) === null ? null : joined.cluster;
}

/** By which this Mac's cluster is known, was when it joined, or is about to be. */
export function isOwnId(parts: Pick<Parts, 'ports' | 'memory'>, clusterId: string): boolean {
  const { memory } = parts;
  const intent = memory.intent();
  const joining = intent?.verb === 'join' ? intent.clusterId : null;
  return [ownId(parts), memory.kept().joined?.clusterId, joining].includes(clusterId);
}
