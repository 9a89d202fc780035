import type { GateAddress, OpenRequest } from '../../src-shared/handoff-messages.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type {
  FrontKind,
  FrontWhy,
  GateView,
  Problem,
  Shares,
  Side,
  Traffic,
} from '../../src-shared/world/traffic.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Address, FrontAdapter, FrontConfig, PairTls, SharesRead } from './ports.ts';

/** What the traffic room needs, and what it gives. Types only; the hand-off's ports have the same shapes. */

export interface SideCounters {
  readonly requests: number;
  readonly failures: number;
  readonly retried: number;
  readonly inFlight: number;
}
export interface Counters {
  readonly core: SideCounters;
  readonly edge: SideCounters;
}

export interface ProbeOutcome {
  readonly sent: number;
  readonly ok: number;
  /** Answered 2xx, but not by the side that was asked. */
  readonly wrong: number;
  /** Of the good ones; null when there was none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface LiveProof {
  readonly probes: number;
  readonly rounds: number;
  readonly onEdge: number;
  readonly newOnEdge: number;
  readonly elapsedMs: number;
}

export interface DeadOutcome {
  readonly resent: number;
  readonly cut: readonly OpenRequest[];
  readonly cutCount: number;
  readonly elapsedMs: number;
}

/** Who gets which requests: the core's front behind one interface (handoff/ports.ts says what each promises). */
export interface TrafficSwitch {
  read(): Promise<Result<SharesRead>>;
  set(shares: Shares, expectOld: Shares): Promise<Result<Shares>>;
  verifyLive(oldShares: Shares, limitMs: number): Promise<Result<LiveProof>>;
  counters(): Promise<Result<Counters>>;
  probe(side: Side, count: number): Promise<ProbeOutcome>;
  topUp(count: number, overMs: number): Promise<void>;
  dead(): Promise<Result<DeadOutcome>>;
  revive(): Promise<Result<void>>;
  useGate(gate: GateAddress | null): Promise<Result<void>>;
  watchEdge(onChange: (alive: boolean, notReady: GateView['notReady']) => void): { dispose(): void };
  hurry(on: boolean): void;
}

export interface GateState {
  readonly ready: boolean;
  readonly notReady: GateView['notReady'];
  readonly requests: number;
  readonly inFlight: number;
  readonly open: readonly OpenRequest[];
  readonly upstreamUp: boolean | null;
}

/** The edge's gate, as the leaver uses it. */
export interface GateControl {
  state(): Promise<Result<GateState>>;
  setReady(ready: boolean, why: 'leaving' | 'stayOut' | null): Promise<Result<void>>;
  cut(): Promise<Result<readonly OpenRequest[]>>;
  address(): Promise<Result<GateAddress>>;
}

/** Everything that the gate's process is started with. */
export interface GateConfig {
  readonly listen: Address;
  readonly upstream: Address & { readonly healthPath: string };
  /** The peer's certificate is not needed: every connection's key is compared with the pin. */
  readonly tls: Pick<PairTls, 'ownPemFile' | 'peerPin'>;
  /** Where the core was last: a flood of strangers must not keep it out. */
  readonly coreHost?: string | undefined;
}

/** The gate's process as this room opens and ends it. */
export interface GateAdapter extends Omit<GateControl, 'address'> {
  /** Adopts the process of `run/gate.json`, or starts one; another configuration is taken over by what runs. */
  open(config: GateConfig): Promise<Result<void>>;
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

/** This Mac's identity and the other one's pin. */
export interface PairFacts {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** SHA-256 of the peer's SPKI, hex; null: not paired. */
  readonly peerPin: string | null;
  /** Where it was last; absent: not known. */
  readonly peerHost?: string | undefined;
}

/** The edge's gate, as it was said and checked; `pin` is that of its certificate, which stands in `front-peer.pem`. */
export type KnownGate = Address & { readonly pin: string };

/** What a screen is told of the front. */
export interface FrontSlice {
  readonly front: FrontKind;
  readonly why: FrontWhy;
  readonly state: 'starting' | 'up' | 'down';
  readonly problem: Problem | null;
  readonly listen: string;
  readonly weights: Shares;
}

/** The core's front. */
export interface FrontKeeper {
  /** After any change of these. One at a time; the last one counts. */
  settle(): Promise<void>;
  /** Something is not as it is wanted: `settle` is to be called again. */
  isUnsettled(): boolean;
  /** The open front; null while there is none. */
  front(): FrontAdapter | null;
  /** Null on another role than core. */
  slice(): FrontSlice | null;
  config(): FrontConfig | null;
  gate(): KnownGate | null;
  pair(): PairFacts | null;
  useGate(gate: KnownGate | null): Promise<Result<void>>;
  /** What the front was last told, or said: the next front begins with it. */
  weights(): Shares;
  noteWeights(shares: Shares): Promise<void>;
  /** Counts what was noted as written. */
  version(): number;
  /** Read back, not written; nothing when something was written since `version`, which is that before the reading. */
  noteSeen(shares: Shares, version: number): Promise<void>;
  /** Runs when nothing is being opened or changed. */
  inTurn<T>(task: () => Promise<T>): Promise<T>;
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

export type TrafficSettings = Settings['traffic'] & { readonly hostPort: number };

export interface TrafficPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** `run/` of the home: what this room remembers. */
  readonly runFolder: string;
  /** `identity/` of the home: PEM files for front and gate, 0600. */
  readonly identityFolder: string;
  role(): Role;
  settings(): TrafficSettings;
  /** `identityUnreadable` where the keys cannot be used. */
  pair(): Promise<Result<PairFacts>>;
  /** The pin of a certificate; null when it is none. */
  pinOf(certificatePem: string): string | null;
  /** The address at which the link listens; null while it does not. */
  linkHost(): string | null;
  /** A departure or return is under way: nothing may be rebuilt now. */
  busy(): boolean;
  /** `frontNotFound`, `frontTooOld`. */
  findHaproxy(): Promise<Result<unknown>>;
  /** The front that an earlier engine left and that lives, by its record; null: none is known. */
  livingFront(): Promise<FrontKind | null>;
  /** A front of that kind, not yet open. */
  makeFront(kind: FrontKind): FrontAdapter;
  makeGate(): GateAdapter;
  note(kind: string, what: string, evidence: Readonly<Record<string, unknown>>): void;
}

export interface TrafficRoom {
  /** On a core; elsewhere every act answers `frontDown`. */
  readonly switch: TrafficSwitch;
  /** On an edge; elsewhere every act answers `gateDown`. */
  readonly gate: GateControl;
  view(): Traffic | null;
  /** On the edge: the core's last word. */
  setEdgeView(traffic: Traffic | null): void;
  readonly handlers: Pick<Handlers<Caller>, 'traffic.get'>;
  /** Told of each view that is published; returns a function that ends it. */
  subscribe(listener: (traffic: Traffic | null) => void): () => void;
  /** Somebody looks: published each second. */
  setLive(live: boolean): void;
  /** Role, pairing or the link's address changed. */
  roleChanged(): void;
  settingsChanged(): void;
  /** `keep`: front and gate go on, and the next engine adopts them. */
  dispose(how: 'keep' | 'stop'): Promise<void>;
}
