import type { PeerMesh } from '../../../src-shared/cilium-messages.ts';
import type { Mesh, MeshConfig, PodCount, Seen } from './mesh.ts';
import type { CiliumHands, CiliumPod } from './ports.ts';

/** Of the option that was set once, at the installation (Documentation/network/clustermesh, Scaling Limitations). */
const MOST_CLUSTERS = 255;

/** With what is left out as the agents take it (cilium-cli, GetClusterConfig and extractAccessInformation). */
export function readConfig(data: Readonly<Record<string, string>>): MeshConfig {
  const id = Number(data['cluster-id'] ?? '0');
  const most = Number(data['max-connected-clusters'] ?? MOST_CLUSTERS);
  return {
    clusterName: data['cluster-name'] ?? 'default',
    clusterId: Number.isInteger(id) ? id : 0,
    most: Number.isInteger(most) && most > 0 ? most : MOST_CLUSTERS,
    datapath: datapathOf(data),
    pools: (data['cluster-pool-ipv4-cidr'] ?? '').split(/[\s,]+/).filter((cidr) => cidr !== ''),
  };
}

function datapathOf(data: Readonly<Record<string, string>>): string {
  // Up to 1.13 `tunnel` named the protocol, or `disabled`.
  const legacy = data['tunnel'];
  const mode = data['routing-mode'] ?? (legacy === 'disabled' ? 'native' : 'tunnel');
  if (mode !== 'tunnel') return mode;
  return `tunnel ${data['tunnel-protocol'] ?? legacy ?? 'vxlan'}`;
}

const countOf = (pods: readonly CiliumPod[]): PodCount => ({
  ready: pods.filter(({ ready }) => ready).length,
  total: pods.length,
});

/** Reads all of it; what does not answer in the middle is no answer at all. */
export async function lookAtMesh(hands: CiliumHands | null): Promise<Seen> {
  const config = (await hands?.config()) ?? null;
  if (hands === null || config === null) return { kind: 'noAnswer' };
  if (config === 'absent') return { kind: 'absent' };
  const [agents, servers, cidrs, service, remotes] = await Promise.all([
    hands.pods('agents'),
    hands.pods('apiserver'),
    hands.podCidrs(),
    hands.meshService(),
    hands.remotes(),
  ]);
  if (agents === null || servers === null || cidrs === null || service === null || remotes === null)
    return { kind: 'noAnswer' };
  const { pools, ...read } = readConfig(config);
  return {
    kind: 'mesh',
    mesh: {
      ...read,
      podCidrs: [...new Set([...pools, ...cidrs])].slice(0, 32),
      agents: countOf(agents),
      apiserver: service === 'absent' ? null : { ...countOf(servers), address: service.address },
      version: agents.find(({ tag }) => tag !== null)?.tag ?? null,
      remotes: remotes.filter((name) => name !== read.clusterName),
    },
  };
}

/** What the other Mac is told of it. */
export function tellingOf(mesh: Mesh, authority: string | null): PeerMesh {
  const { clusterName, clusterId, most, datapath, podCidrs, agents, apiserver, remotes } = mesh;
  return {
    clusterName: clusterName.slice(0, 63),
    clusterId,
    most,
    datapath: datapath.slice(0, 60),
    podCidrs: [...podCidrs],
    agents,
    apiserver: apiserver === null ? null : { ready: apiserver.ready, total: apiserver.total },
    remotes: remotes.map((name) => name.slice(0, 63)).slice(0, 64),
    authority,
  };
}
