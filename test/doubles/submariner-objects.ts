export interface GatewayParts {
  readonly node?: string;
  readonly clusterId?: string;
  readonly publicIp?: string;
  readonly ha?: 'active' | 'passive';
  /** Seconds since 1970; null: it never said. */
  readonly updatedSeconds?: number | null;
  readonly failure?: string;
  /** Null: it knows of no other cluster. */
  readonly peer?: {
    readonly clusterId?: string;
    readonly state?: string;
    readonly rtt?: string;
    readonly message?: string;
  } | null;
}

const endpoint = (clusterId: string, hostname: string, address: string, subnets: string[]) => ({
  cluster_id: clusterId,
  cable_name: `submariner-cable-${clusterId}-172-30-1-3`,
  hostname,
  backend: 'libreswan',
  backend_config: { 'udp-port': '4500', 'natt-discovery-port': '4490', 'preferred-server': 'true' },
  nat_enabled: true,
  private_ip: '172.30.1.3',
  public_ip: address,
  healthCheckIP: '10.10.1.0',
  subnets,
});

/** A Gateway as its cluster's API has it, with every field that its CRD requires. */
export function gateway({
  node = 'core-worker',
  clusterId = 'core',
  publicIp = '192.168.1.10',
  ha = 'active',
  updatedSeconds = 1_700_000_000,
  failure = '',
  peer = null,
}: GatewayParts = {}): Record<string, unknown> {
  const connection = peer && {
    status: peer.state ?? 'connected',
    statusMessage: peer.message ?? '',
    endpoint: endpoint(peer.clusterId ?? 'edge', 'edge-control-plane', '192.168.1.20', ['10.20.0.0/16']),
    usingIP: '192.168.1.20',
    usingNAT: true,
    ...(peer.rtt === undefined
      ? {}
      : { latencyRTT: { last: peer.rtt, min: '1ms', average: '1.2ms', max: '2ms', stdDev: '100µs' } }),
  };
  return {
    apiVersion: 'submariner.io/v1',
    kind: 'Gateway',
    metadata: {
      name: node,
      namespace: 'submariner-operator',
      ...(updatedSeconds === null ? {} : { annotations: { 'update-timestamp': String(updatedSeconds) } }),
    },
    status: {
      version: 'v0.19.0',
      haStatus: ha,
      statusFailure: failure,
      localEndpoint: endpoint(clusterId, node, publicIp, ['10.10.0.0/16', '10.110.0.0/16']),
      connections: connection === null ? [] : [connection],
    },
  };
}
