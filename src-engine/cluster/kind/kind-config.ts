import type { ClusterRecord, TunnelPlan } from '../provider.ts';

interface PortMapping {
  readonly containerPort: number;
  readonly hostPort: number;
  readonly listenAddress: string;
  readonly protocol: 'TCP' | 'UDP';
}

/** Where the core's API is called from the LAN; kind's own choice would be any port, and change. */
const API_PORT = 6443;
/** IPsec behind NAT, and the discovery of it: what the other gateway calls (research/cluster-tools.md, 1.4). */
const GATEWAY_PORTS = [4500, 4490] as const;
/** Colima cannot publish on one address of the Mac (colima#492). */
const ANY = '0.0.0.0';

/**
 * kind's configuration for a cluster of this home, as JSON (which kind reads as YAML, from standard input).
 * One control plane, always: several do not survive a restart (research/cluster-tools.md, section 3).
 * The NodePort of the workload is published on loopback; kind can add no port later (design decision 3).
 */
export function kindConfig(record: ClusterRecord): string {
  const { tunnel, subnets } = record;
  const workload: PortMapping = {
    containerPort: record.nodePort,
    hostPort: record.hostPort,
    listenAddress: '127.0.0.1',
    protocol: 'TCP',
  };
  const workers = Array.from({ length: record.nodes - 1 }, () => ({ role: 'worker' }));
  const nodes: KindNode[] = [{ role: 'control-plane', extraPortMappings: [workload] }, ...workers];
  return JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: tunnel === null ? { apiServerAddress: '127.0.0.1', ...subnets } : networking(tunnel),
    nodes: tunnel === null ? nodes : withGateway(nodes, tunnel),
    ...(tunnel !== null && tunnel.lanNames.length > 0
      ? { kubeadmConfigPatches: [certificatePatch(tunnel.lanNames)] }
      : {}),
  });
}

interface KindNode {
  readonly role: string;
  readonly extraPortMappings?: readonly PortMapping[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** kube-proxy by iptables: Submariner refuses others. */
function networking({ podSubnet, serviceSubnet, side }: TunnelPlan) {
  const own = { podSubnet, serviceSubnet, kubeProxyMode: 'iptables' };
  return side === 'core'
    ? { ...own, apiServerAddress: ANY, apiServerPort: API_PORT }
    : { ...own, apiServerAddress: '127.0.0.1' };
}

/** The last node carries the tunnel: a worker where there is one. Only the core's is called. */
function withGateway(nodes: readonly KindNode[], { side }: TunnelPlan): KindNode[] {
  const called: PortMapping[] =
    side === 'edge'
      ? []
      : GATEWAY_PORTS.map((port) => ({
          containerPort: port,
          hostPort: port,
          listenAddress: ANY,
          protocol: 'UDP',
        }));
  return nodes.map((node, index) =>
    index < nodes.length - 1
      ? node
      : {
          ...node,
          labels: { 'submariner.io/gateway': 'true' },
          extraPortMappings: [...(node.extraPortMappings ?? []), ...called],
        },
  );
}

/** A patch replaces kind's own list, which therefore stands here too. */
function certificatePatch(lanNames: readonly string[]): string {
  return JSON.stringify({
    kind: 'ClusterConfiguration',
    apiServer: { certSANs: ['localhost', '127.0.0.1', ANY, ...lanNames] },
  });
}
