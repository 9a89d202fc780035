import type { Workload } from '../../src-shared/world/clusters.ts';

/** What the Kubernetes API says that proves life, read at one moment. Times are the API's own. */
export interface ApiSnapshot {
  readonly nodes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly heartbeatAt: Date | null;
    /** Since when it is ready, or is not. */
    readonly since?: Date | null;
    readonly pods: number;
  }[];
  /** Some node takes no new pods, and we have told it so. */
  readonly closedByUs?: boolean;
  /** When the controller manager took its lease; null when there is none. */
  readonly leaderSince: Date | null;
  /** CoreDNS pods that stay: container start, readiness, and the node they are on where that is told. */
  readonly dns: readonly {
    readonly startedAt: Date | null;
    readonly ready: boolean;
    readonly node?: string | null;
  }[];
  readonly workload?: Workload;
}

/** Reads a cluster's API; the caller's port, satisfied by the kube room. */
export interface ApiReader {
  /** Null when the API does not tell it within three seconds. */
  read(kubeconfig: string): Promise<ApiSnapshot | null>;
  /**
   * Whether Services lead to the pods that run now; false when the API does not tell. Asked while a start is proven, not
   * later.
   *
   * @param startedAt of nodes: a pod whose containers began before its node's is one of before
   */
  settled(kubeconfig: string, startedAt: ReadonlyMap<string, Date>): Promise<boolean>;
  /** Why the last reading was null, as an id of language/ (`why.ID`); null when that is not known. */
  why(kubeconfig: string): string | null;
}

export interface Proofs {
  readonly heartbeat: boolean;
  readonly leader: boolean;
  readonly dns: boolean;
}

/**
 * The three proofs of life. After a start the API tells what was stored before it, so each proof is
 * something that can only have happened since (research/measured.md, kind 2).
 *
 * @param since start of the control plane's container; Kubernetes times are whole seconds
 * @param expected how many nodes there are
 * @param starts of each node's container, where they are known: one node may have been started later than the others
 */
export function proofsOf(
  snapshot: ApiSnapshot,
  since: Date,
  expected: number,
  starts: ReadonlyMap<string, Date> = new Map(),
): Proofs {
  const after = (at: Date | null, node?: string | null): boolean => {
    const from = starts.get(node ?? '') ?? since;
    return at !== null && at.getTime() >= Math.floor(from.getTime() / 1000) * 1000;
  };
  const fresh = snapshot.nodes.filter(({ name, ready, heartbeatAt }) => ready && after(heartbeatAt, name));
  return {
    heartbeat: fresh.length >= expected,
    leader: after(snapshot.leaderSince),
    dns: snapshot.dns.length > 0 && snapshot.dns.every((pod) => pod.ready && after(pod.startedAt, pod.node)),
  };
}
