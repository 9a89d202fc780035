import type { Result } from '../../../src-shared/errors/result.ts';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import type { Changed, NamedPort, OwnCluster, PairKeys } from '../ports.ts';
import type { PrivateKubeconfig, RunPlan } from '../submariner/ports.ts';

/** What the manager of Cluster Mesh needs of other rooms; wire-cilium.ts satisfies it. Types only. */

export interface CiliumPod {
  readonly name: string;
  readonly ready: boolean;
  readonly tag: string | null;
}
export interface GlobalService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly NamedPort[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly address: string | null;
  readonly isOurs: boolean;
  readonly uid: string;
}
export type Counterpart = Pick<GlobalService, 'namespace' | 'name' | 'ports' | 'annotations'>;

/** Cilium of a cluster by its API (src-engine/kube/cilium-hands.ts). Null: no answer. */
export interface CiliumHands {
  config(): Promise<Readonly<Record<string, string>> | 'absent' | null>;
  pods(role: 'agents' | 'apiserver'): Promise<readonly CiliumPod[] | null>;
  podCidrs(): Promise<readonly string[] | null>;
  meshService(): Promise<{ readonly address: string | null } | 'absent' | null>;
  authority(): Promise<string | null>;
  /** Names of the clusters that its agents are told to connect to. */
  remotes(): Promise<readonly string[] | null>;
  service(namespace: string, name: string): Promise<GlobalService | 'absent' | null>;
  counterparts(): Promise<readonly GlobalService[] | null>;
  annotate(
    namespace: string,
    name: string,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<Changed>;
  createCounterpart(service: Counterpart): Promise<Changed>;
  /** `taken`: the one with this uid stands there no more. */
  patchCounterpart(service: Counterpart & Pick<GlobalService, 'uid'>): Promise<Changed>;
  removeCounterpart(service: Pick<GlobalService, 'namespace' | 'name' | 'uid'>): Promise<Changed>;
}

export interface CiliumPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  readonly tools: Tools;
  /** `run/cilium` of the home. */
  readonly folder: string;
  readonly runPlan: RunPlan;
  cluster(): OwnCluster | null;
  /** Of this Mac, also one that it does not mean now; null: there is none of that name. */
  clusterNamed(name: string): OwnCluster | null;
  link(): LinkState;
  /** `notPaired`; what keeps the keys from being read. */
  pair(): Promise<Result<PairKeys>>;
  /** The settings let Cluster Mesh be. */
  isWanted(): boolean;
  kubeconfig(name: string): Promise<string | null>;
  openHands(kubeconfig: string): Promise<CiliumHands | null>;
  /** The kubeconfig with its current context alone, all of it named so. Null when it cannot be read. */
  privately(
    kubeconfig: string,
    wish: { readonly name: string; readonly server: string | null },
  ): Promise<PrivateKubeconfig | null>;
  /** `https://HOST:PORT` of the cluster's API on the LAN; null: it is not published there. */
  apiUrl(cluster: OwnCluster): Promise<string | null>;
  /** Something takes connections there. */
  answers(host: string, port: number): Promise<boolean>;
  /** A TUNNEL frame; false when there is no session. */
  send(payload: unknown): boolean;
  /** A SECRET frame: used once, never logged. */
  sendSecret(name: string, value: string): boolean;
  usualMs(key: string): number | null;
  took(key: string, elapsedMs: number): void;
  /** What `settle` or `operation` say is another. */
  changed(): void;
  note(kind: string, what: string, evidence: Readonly<Record<string, unknown>>): void;
}
