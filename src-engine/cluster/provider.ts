import type { Result, TandemError } from '../../src-shared/errors/result.ts';
import type { Disposable } from '../platform/clock.ts';
import type {
  ClusterNode,
  ClusterState,
  ClusterVerb,
  ProviderName,
  ProviderStatus,
  VmWeighed,
  Workload,
} from '../../src-shared/world/clusters.ts';

/** What this home knows of a cluster that it made or adopted; kept in clusters/registry.json. */
export interface ClusterRecord {
  readonly name: string;
  readonly provider: ProviderName;
  readonly createdAt: string;
  readonly nodes: number;
  /** Empty: the provider's own default. */
  readonly image: string;
  readonly hostPort: number;
  readonly nodePort: number;
  /** Absolute path of a configuration file that was given; empty when none. */
  readonly config: string;
  /** A tunnel can join it: networks that are this Mac's alone, and ports that the LAN reaches. Null: none was asked for. */
  readonly tunnel: TunnelPlan | null;
  /** Networks of a cluster of a pair that no tunnel was asked for: disjoint from the other Mac's. Absent: the tool's own. */
  readonly subnets?: ClusterSubnets | undefined;
}

/** Of pods and of Services. */
export interface ClusterSubnets {
  readonly podSubnet: string;
  readonly serviceSubnet: string;
}

/** What a tunnel will need, which kind can add to no cluster later (design decision 3). */
export interface TunnelPlan {
  readonly side: 'core' | 'edge';
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  readonly nodeSubnet: string;
  /** Of this Mac on the LAN, for the certificate of its API; empty on the edge, whose API nobody else calls. */
  readonly lanNames: readonly string[];
}

/** What was seen of a cluster, now. */
export interface Observation {
  readonly state: ClusterState;
  /** Id of language/ (`why.ID`) when the state needs a reason. */
  readonly why: string | null;
  readonly nodes: readonly ClusterNode[];
  /** Absent: nothing tells it. */
  readonly workload?: Workload;
  /** Tool or API that was asked. */
  readonly source: string;
}

export interface StepContext {
  /** Aborted by cancel, by the step's limit, and by the memory watch. */
  readonly signal: AbortSignal;
  /** Free text about the step under way. */
  detail(text: string | null): void;
  /** Names the part of the step that is under way; only parts the step declared. */
  part(id: string): void;
  /** A child process that a crash of the engine would leave behind. */
  child(pid: number): void;
}

/** One step of an operation. Its id, and those of its parts, are ids of language/ (`step.ID`). */
export interface Step {
  readonly id: string;
  readonly limitMs: number;
  /** What people see in its place, when the step is one command with several phases. */
  readonly parts?: readonly string[];
  /** It only looks. When nothing else was begun, there is nothing to undo, and undoing could harm what is not ours. */
  readonly harmless?: true;
  run(context: StepContext): Promise<Result<void>>;
}

/** How a verb is carried out: steps that may be run again after a crash, and the way back. */
export interface Plan {
  readonly steps: readonly Step[];
  /** States that count as success, when they are seen afterwards. */
  readonly expected: readonly ClusterState[];
  /**
   * After a cancel or a failure: leaves nothing of the operation running. Must end within a minute.
   *
   * @param reached id of the step that did not end well
   * @param error how it ended
   */
  undo(reached: string, error: TandemError): Promise<void>;
  /** After it has ended badly, whatever had begun, and after `undo` where that was due. Nobody waits for it. */
  after?(error: TandemError): void;
}

/** RAM that a start will come to hold on this host, and how much of it is held already. Bytes. */
export interface MemoryNeed {
  readonly needBytes: number;
  readonly touchedBytes: number;
  /** Of a cluster in a container runtime's machine: the machine, and what the cluster takes inside it. */
  readonly inside?: VmInside;
}

export interface VmInside {
  readonly weighed: VmWeighed;
  /** Without so much free inside it cannot come up; 0 when it runs already. */
  readonly leastBytes: number;
  /** What the settings count for it. */
  readonly wantedBytes: number;
}

/** A way to have clusters. Each implementation knows one tool and decides nothing. */
export interface ClusterProvider {
  readonly name: ProviderName;
  status(): Promise<ProviderStatus>;
  /** Never throws; `unknown` when the runtime does not answer. */
  observe(record: ClusterRecord): Promise<Observation>;
  plan(verb: ClusterVerb, record: ClusterRecord): Promise<Result<Plan>>;
  /** A kubeconfig for people, with credentials. */
  kubeconfig(record: ClusterRecord): Promise<Result<string>>;
  /** RAM that a start will come to hold on this host, and how much of it is held already. Bytes. */
  memoryNeed(record: ClusterRecord): Promise<MemoryNeed>;
  /**
   * Whether what stands there under that name is what a create left that was begun then and cut off. Absent: nobody else
   * could have made one.
   */
  readonly isLeftOf?: (record: ClusterRecord, begunAt: Date) => Promise<boolean>;
  /** Ends what the recorded clusters do not own: orphans of a crash. Returns their names. */
  endOrphans(owned: readonly ClusterRecord[]): Promise<string[]>;
  /** Every cluster that its tool has here, those of this home among them. Absent: there are none but ours. */
  readonly all?: () => Promise<Adoptable[]>;
  /** The record of one that was made elsewhere; nothing of the cluster itself is changed. */
  readonly adopt?: (name: string, createdAt: string) => Promise<Result<ClusterRecord>>;
  /** Tells which cluster changed, by name; null: any of them may have. Absent: it has to be looked at. */
  readonly watch?: (changed: (name: string | null) => void) => Disposable;
}

/** A cluster that somebody made with a tool that we know. */
export interface Adoptable {
  readonly name: string;
  readonly provider: ProviderName;
  readonly nodes: number;
  readonly state: ClusterState;
}
