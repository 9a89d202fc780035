import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { ClusterRecord } from '../provider.ts';

export interface PlannedNode {
  readonly name: string;
  readonly role: ClusterNode['role'];
  readonly pods: number;
}

/** One control plane and workers, named as kind names them; pods run on workers where there are any. */
export function nodesOf(record: Pick<ClusterRecord, 'name' | 'nodes'>): PlannedNode[] {
  const workers = Array.from({ length: record.nodes - 1 }, (_none, index): PlannedNode => ({
    name: `${record.name}-worker${index === 0 ? '' : index + 1}`,
    role: 'worker',
    pods: 2,
  }));
  const controlPlane: PlannedNode = {
    name: `${record.name}-control-plane`,
    role: 'control-plane',
    pods: workers.length === 0 ? 2 : 0,
  };
  return [controlPlane, ...workers];
}
