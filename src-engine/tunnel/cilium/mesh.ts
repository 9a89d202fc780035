/** How many of some pods are ready. */
export interface PodCount {
  readonly ready: number;
  readonly total: number;
}

/** What ConfigMap `cilium-config` says that two clusters must agree, or differ, in. */
export interface MeshConfig {
  readonly clusterName: string;
  /** 0: none was given. */
  readonly clusterId: number;
  readonly most: number;
  readonly datapath: string;
  /** `cluster-pool-ipv4-cidr`: what is not used yet is its own as well. */
  readonly pools: readonly string[];
}

/** Cilium of this Mac's cluster, as its ConfigMap, its pods and its objects are. */
export interface Mesh extends Omit<MeshConfig, 'pools'> {
  readonly podCidrs: readonly string[];
  readonly agents: PodCount;
  readonly apiserver: (PodCount & { readonly address: string | null }) | null;
  readonly version: string | null;
  /** Names of the clusters that it is told to connect to. */
  readonly remotes: readonly string[];
}

export type Seen =
  | { readonly kind: 'mesh'; readonly mesh: Mesh }
  | { readonly kind: 'absent' }
  | { readonly kind: 'noAnswer' };
