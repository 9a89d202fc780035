import type { Result } from '../../src-shared/errors/result.ts';
import type { PodReport } from '../../src-shared/pod-report.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { Cluster, ClusterVerb, ProviderStatus } from '../../src-shared/world/clusters.ts';
import type { Disk, Memory } from '../../src-shared/world/vitals.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { ClusterProvider } from './provider.ts';
import type { LanAddress } from './tunnel-plan.ts';

/** How an operation ended; for history and notices. */
export interface OperationReport {
  readonly name: string;
  readonly provider: string;
  readonly verb: ClusterVerb;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  /** Set when a crash had cut it off. */
  readonly recovered: 'resume' | 'cleanUp' | null;
  readonly elapsedMs: number;
  readonly state: Cluster['state'];
  readonly error: {
    readonly code: string;
    readonly params: Readonly<Record<string, string | number>>;
  } | null;
  /** Step and milliseconds, in order. */
  readonly steps: readonly (readonly [string, number])[];
}

/** What the cluster room needs of the others; satisfied by wire-cluster.ts. */
export interface ClusterPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly runFolder: string;
  readonly clustersFolder: string;
  readonly providers: readonly ClusterProvider[];
  settings(): Settings;
  memory(): Memory | null;
  disk(): Disk | null;
  /** Addresses of this Mac on its own networks, the one that the other Mac calls first. */
  lan(): readonly LanAddress[];
  publish(clusters: readonly Cluster[], providers: readonly ProviderStatus[]): void;
  report(report: OperationReport): void;
  /** A state changed with no operation of ours: somebody else's doing, or a failure. */
  changedUnasked(name: string, from: Cluster['state'], to: Cluster['state'], why: string | null): void;
  /** Asks a cluster's API, once, what a pod of its own system (`NAMESPACE/NAME`) says of its trouble. */
  podReport(cluster: string, kubeconfig: string, pod: string): Promise<Result<PodReport>>;
  /**
   * Whether a cluster may stop here with nobody asking: not on a core, and not on an edge that takes part in the traffic,
   * which departs first.
   */
  mayStopUnasked(): boolean;
  /** The load of this host is about to change by our own act: estimators start anew. */
  knownStep(): void;
  /** A start of that cluster was taken back: what it had started besides goes, too. */
  takeBack?(name: string): Promise<void>;
}
