import type { Workload } from '../../src-shared/world/clusters.ts';

/** What the Kubernetes API says that proves life, read at one moment. Times are the API's own. */
export interface ApiSnapshot {
  readonly nodes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly heartbeatAt: Date | null;
    readonly pods: number;
  }[];
  /** Some node takes no new pods, and we have told it so. */
  readonly closedByUs?: boolean;
  /** When the controller manager took its lease; null when there is none. */
  readonly leaderSince: Date | null;
  /** CoreDNS pods: container start and readiness. */
  readonly dns: readonly { readonly startedAt: Date | null; readonly ready: boolean }[];
  readonly workload?: Workload;
}

/** Reads a cluster's API; the caller's port, satisfied by the kube room. */
export interface ApiReader {
  /** Null when the API does not tell it within three seconds. */
  read(kubeconfig: string): Promise<ApiSnapshot | null>;
  /** Whether Services lead to the pods that run now; false when the API does not tell. Asked while a start is proven, not later. */
  settled(kubeconfig: string): Promise<boolean>;
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
 */
export function proofsOf(snapshot: ApiSnapshot, since: Date, expected: number): Proofs {
  const from = Math.floor(since.getTime() / 1000) * 1000;
  const after = (at: Date | null): boolean => at !== null && at.getTime() >= from;
  const fresh = snapshot.nodes.filter((node) => node.ready && after(node.heartbeatAt));
  return {
    heartbeat: fresh.length >= expected,
    leader: after(snapshot.leaderSince),
    dns: snapshot.dns.length > 0 && snapshot.dns.every((pod) => pod.ready && after(pod.startedAt)),
  };
}
