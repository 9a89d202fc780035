import type { ClusterRecord } from '../provider.ts';

/**
 * kind's configuration for a cluster of this home, as JSON (which kind reads as YAML, from standard input).
 * One control plane, always: several do not survive a restart (research/cluster-tools.md, section 3).
 * The NodePort of the workload is published on loopback; kind can add no port later (design decision 3).
 */
export function kindConfig(record: ClusterRecord): string {
  const controlPlane = {
    role: 'control-plane',
    extraPortMappings: [
      {
        containerPort: record.nodePort,
        hostPort: record.hostPort,
        listenAddress: '127.0.0.1',
        protocol: 'TCP',
      },
    ],
  };
  const workers = Array.from({ length: record.nodes - 1 }, () => ({ role: 'worker' }));
  return JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { apiServerAddress: '127.0.0.1' },
    nodes: [controlPlane, ...workers],
  });
}
