import type { Result, TandemError } from '../../../src-shared/errors/result.ts';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import type { Changed, NamedPort, OwnCluster } from '../ports.ts';
import type { NodeFacts, NodeMarks } from './gateway-node.ts';

/** What the Submariner manager needs of other rooms; wire-submariner.ts satisfies it. Types only. */

/** Kinds of Submariner's, and of the multi-cluster services. */
export type CrdKind =
  'gateways' | 'endpoints' | 'clusters' | 'submariners' | 'brokers' | 'serviceexports' | 'serviceimports';

export type Listed =
  /** Junk until parsed. Of `submariners` without what is secret in them. */
  | { readonly kind: 'items'; readonly items: readonly unknown[] }
  | { readonly kind: 'absent' }
  /** The group is served, this kind's version is not. */
  | { readonly kind: 'otherVersion'; readonly version: string }
  | { readonly kind: 'noAnswer' };

/** A cluster's API as far as Submariner needs it (src-engine/kube/submariner-hands.ts). Null: no answer. */
export interface SubmarinerHands {
  /** @param namespace null: of all */
  list(kind: CrdKind, namespace: string | null): Promise<Listed>;
  remove(kind: CrdKind, namespace: string, name: string): Promise<Changed>;
  /** An empty ServiceExport with our label. */
  exportService(namespace: string, name: string): Promise<Changed>;
  /** Names of ServiceExports with our label. */
  ownExports(): Promise<readonly { readonly namespace: string; readonly name: string }[] | null>;
  tcpPorts(namespace: string, name: string): Promise<readonly NamedPort[] | 'absent' | null>;
  nodes(): Promise<readonly NodeFacts[] | null>;
  mark(marks: NodeMarks): Promise<Changed>;
  /** As its API server and controller manager were started with. */
  networks(): Promise<{ readonly pods: readonly string[]; readonly services: readonly string[] } | null>;
  /** kube-proxy's `mode`; empty: its default. Null: no answer, or another proxy. */
  proxyMode(): Promise<string | null>;
  /** Submariner's pods that are not ready, each with what keeps it. */
  waitingPods(): Promise<readonly { readonly name: string; readonly why: string }[] | null>;
  removeNamespace(name: string): Promise<Changed>;
  hasNamespace(name: string): Promise<boolean | null>;
}

/** Of the container runtime, about the nodes of one cluster. Null: not to be told. */
export interface RuntimeFacts {
  readonly up: boolean;
  readonly memoryBytes: number | null;
  /** `PORT/PROTOCOL` of a node, where it is published on this Mac; `hostPort` of its API is what others call. */
  readonly published:
    readonly { readonly port: string; readonly hostPort: number; readonly onLan: boolean }[] | null;
  /** Networks of the nodes. */
  readonly networks: readonly string[];
  /** Lines of the kernel's configuration, such as `CONFIG_XFRM_USER=m`. */
  readonly kernelConfig: string | null;
}

/** A kubeconfig with one cluster, one user and one context, all named alike. */
export interface PrivateKubeconfig {
  readonly text: string;
  readonly context: string;
  /** PEM in base64; empty when it has none. */
  readonly authority: string;
}

export interface Step {
  /** Words are `step.ID` in language/. */
  readonly id: string;
  readonly limitMs: number;
  /** It only looks: when nothing else was begun, nothing is undone. */
  readonly harmless?: true;
  run(context: StepContext): Promise<Result<void>>;
}
export interface StepContext {
  readonly signal: AbortSignal;
  detail(text: string | null): void;
  child(pid: number): void;
}
export interface Plan {
  readonly steps: readonly Step[];
  /** After a failure or a cancel, unless only harmless steps had begun. */
  undo(reached: string): Promise<void>;
}
export interface StepEvents {
  /** Before anything of the step is done; throws when the intent cannot be kept. */
  begins(id: string, step: { readonly harmless?: true }): void;
  detail(text: string | null): void;
  child(pid: number): void;
}

/** The cluster room's own runner of steps: limits, cancel, undo. */
export type RunPlan = (plan: Plan, events: StepEvents, interrupted: AbortSignal) => Promise<Result<void>>;

export interface SubmarinerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly tools: Tools;
  /** `run/submariner` of the home. */
  readonly folder: string;
  readonly runPlan: RunPlan;
  cluster(): OwnCluster | null;
  /** Of all that this Mac has, meant or not; null: it has none of that name, or it is seen to be gone. */
  clusterNamed(name: string): OwnCluster | null;
  role(): Role;
  link(): LinkState;
  /** Where the link listens; null: nowhere. */
  linkHost(): string | null;
  kubeconfig(name: string): Promise<string | null>;
  openHands(kubeconfig: string): Promise<SubmarinerHands | null>;
  /** Null when it cannot be read. */
  privately(
    kubeconfig: string,
    wish: { readonly name: string; readonly server: string | null },
  ): Promise<PrivateKubeconfig | null>;
  runtime(cluster: OwnCluster): Promise<RuntimeFacts | null>;
  /** Networks of this Mac's own interface to the other one. */
  lanNetworks(): readonly string[];
  /** Something takes connections there. */
  answers(host: string, port: number): Promise<boolean>;
  freeDiskBytes(): number | null;
  /** What the clusters of this Mac are meant to hold. */
  planBytes(): number;
  /** A TUNNEL frame; false when there is no session. */
  send(payload: unknown): boolean;
  /** A SECRET frame: used once, never logged. */
  sendSecret(name: string, value: string): boolean;
  /** Median of what a step took here; null: never. */
  usualMs(key: string): number | null;
  took(key: string, elapsedMs: number): void;
  /** LAN mode goes: its names and Services must not stand beside Submariner's. False: the cluster does not answer. */
  clearLan(): Promise<boolean>;
  /** What `view` or `operation` say is another. */
  changed(): void;
  note(kind: string, what: string, evidence: Readonly<Record<string, unknown>>): void;
}

export interface Interruption {
  readonly error: TandemError;
}
