import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { ClusterState, ProviderName } from '../../src-shared/world/clusters.ts';
import type { ByeReason, LinkState } from '../../src-shared/world/peer.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Cilium } from './cilium/cilium-port.ts';
import type { HostPlace } from './lan/host-place.ts';
import type { RelayState, RelayWish } from './relay/relay-config.ts';
import type { Submariner } from './submariner/submariner-port.ts';

/** What the tunnel room needs of other rooms; wire-tunnel.ts satisfies it. Types only. */

export interface NamedPort {
  readonly name: string | null;
  readonly port: number;
}
export interface OwnService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly NamedPort[];
}
export interface OwnSlice extends OwnService {
  readonly address: string;
  readonly ready: boolean;
}
export type Found<T> = T & { readonly uid: string; readonly resourceVersion: string };
export type Changed = 'done' | 'taken' | 'absent' | 'refused' | 'noAnswer';

/** The Kubernetes API as far as LAN mode needs it (src-engine/kube/service-hands.ts). Null: no answer. */
export interface ServiceHands {
  tcpPorts(namespace: string, name: string): Promise<readonly NamedPort[] | 'absent' | null>;
  readyPods(
    namespace: string,
    name: string,
  ): Promise<ReadonlyMap<string, readonly { readonly name: string; readonly port: number }[]> | null>;
  services(): Promise<readonly Found<OwnService>[] | null>;
  slices(): Promise<readonly Found<OwnSlice>[] | null>;
  writeService(wanted: OwnService, over: Found<OwnService> | null): Promise<Changed>;
  writeSlice(wanted: OwnSlice, over: Found<OwnSlice> | null): Promise<Changed>;
  removeService(found: Found<OwnService>): Promise<Changed>;
  removeSlice(found: Found<OwnSlice>): Promise<Changed>;
  corefile(): Promise<{ readonly text: string; readonly resourceVersion: string } | null>;
  writeCorefile(text: string, resourceVersion: string): Promise<Changed>;
}

/** The relay's process. */
export interface RelayAdapter {
  /** Adopts or starts it, and tells it what is wanted. */
  use(wish: RelayWish): Promise<Result<void>>;
  /** Null when it does not answer, or was never wanted. */
  state(): Promise<RelayState | null>;
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

export interface OwnCluster {
  readonly name: string;
  readonly provider: ProviderName;
  readonly state: ClusterState;
}

export interface PairKeys {
  readonly ownPemFile: string;
  readonly peerPin: string;
}

export interface LinkWord {
  readonly state: LinkState;
  readonly byeReason: ByeReason | null;
}

export interface TunnelPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** `run/` of the home. */
  readonly runFolder: string;
  settings(): Settings['tunnel'];
  /** The cluster that this Mac means; null: it has none. */
  cluster(): OwnCluster | null;
  /** 127.0.0.1 and this port is the built-in cluster's one service. */
  hostPort(): number;
  link(): LinkWord;
  /** Address at which the link listens; null: nowhere now. */
  linkHost(): string | null;
  /** `notPaired`; what keeps the keys from being read. */
  pair(): Promise<Result<PairKeys>>;
  /** subctl or cilium is installed. */
  hasTool(): Promise<boolean>;
  /** A kubeconfig with credentials; null when there is none now. */
  kubeconfig(name: string): Promise<string | null>;
  openHands(kubeconfig: string): Promise<ServiceHands | null>;
  /** Null: this cluster has no way to this Mac, or none that is known. */
  place(cluster: OwnCluster): Promise<HostPlace | null>;
  makeRelay(): RelayAdapter;
  /** The manager of Submariner. */
  openSubmariner(needs: {
    /** LAN mode goes from the cluster; false: it does not answer. */
    clearLan(): Promise<boolean>;
    /** What it says of itself is another. */
    changed(): void;
  }): Promise<Submariner>;
  /** The manager of Cilium Cluster Mesh. */
  openCilium(needs: { changed(): void }): Promise<Cilium>;
  /** To the other Mac; false when there is no session. */
  send(payload: unknown): boolean;
  publish(tunnel: Tunnel | null): void;
  note(kind: string, what: string, evidence: Readonly<Record<string, unknown>>): void;
}

export type TunnelMethod =
  | 'tunnel.get'
  | 'tunnel.export'
  | 'tunnel.unexport'
  | 'tunnel.broker'
  | 'tunnel.join'
  | 'tunnel.leave'
  | 'tunnel.cancel'
  | 'tunnel.doctor';

export interface TunnelRoom {
  readonly handlers: Pick<Handlers<Caller>, TunnelMethod>;
  /** Of a TUNNEL frame: junk until parsed. */
  heard(payload: unknown): void;
  /** Of a SECRET frame: taken once, while it is waited for. */
  heardSecret(name: string, value: string): void;
  /** A session is current: what was said in the one before may be lost. */
  sessionBegan(): void;
  /** The link, the pairing, a setting or the cluster is another one. */
  changed(): void;
  /** What it carries goes on: the relay outlives the engine (`keep`). */
  dispose(how: 'keep' | 'stop'): Promise<void>;
}
