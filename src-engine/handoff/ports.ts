import type {
  HandoffWords,
  HandoffMessage,
  GateAddress,
  OpenRequest,
} from '../../src-shared/handoff-messages.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import type { LinkState, BreakClass, ByeReason } from '../../src-shared/world/peer.ts';
import type { Problem, Shares, Side } from '../../src-shared/world/traffic.ts';

/** What the hand-off needs of other rooms; wire-handoff.ts satisfies it. Types only. */

/** Carries messages to the other Mac. */
export interface Courier {
  /** Over the link's TLS session; false when there is none. Envelope and order are the caller's. */
  send(message: HandoffMessage): boolean;
  /** By datagram as well, repeated until acknowledged; true when it was. */
  leaveNow(message: HandoffMessage): Promise<boolean>;
}

/** What the link says; the hand-off has no heartbeat of its own. */
export interface LinkFact {
  readonly state: LinkState;
  readonly class: BreakClass | null;
  readonly byeReason: ByeReason | null;
  /** Since the last sign of life, milliseconds. */
  readonly silenceMs: number | null;
}

/** Cumulative since the front began; differences of two are what happened between them. */
export interface SideCounters {
  /** Requests given to this side. */
  readonly requests: number;
  /** Answers of 5xx, connections that failed or broke. */
  readonly failures: number;
  /** Sent again to the other side after this one failed. */
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

/** Why a weight is held to be live. */
export interface LiveProof {
  readonly probes: number;
  readonly rounds: number;
  /** Of the probes, answered by the edge. */
  readonly onEdge: number;
  /** New requests to the edge between the write and the end of the proof, by the front's and the gate's counters. */
  readonly newOnEdge: number;
  readonly elapsedMs: number;
}

/** What became of the requests that a dead side held. */
export interface DeadOutcome {
  readonly resent: number;
  readonly cut: readonly OpenRequest[];
  readonly cutCount: number;
  readonly elapsedMs: number;
}

export interface SharesRead extends Shares {
  readonly who?: string | undefined;
}

/** Who gets which requests: the core's front behind one interface. The core alone uses it. */
export interface TrafficSwitch {
  /** The live weights, read back from the front; `who` else wrote them last, where it knows. */
  read(): Promise<Result<SharesRead>>;
  /** Writes and reads back. `weightConflict` names who else wrote when the live weights are not `expectOld`. */
  set(shares: Shares, expectOld: Shares): Promise<Result<Shares>>;
  /** Proves by requests and counters that weight 0 of the edge is live. `weightNotLive` when it is not within the limit. */
  verifyLive(oldShares: Shares, limitMs: number): Promise<Result<LiveProof>>;
  counters(): Promise<Result<Counters>>;
  /** GETs on the health path, straight to that side; in pairs with the other side where both are asked at once. */
  probe(side: Side, count: number): Promise<ProbeOutcome>;
  /** Sends so many GETs on the health path through the front, spread over `overMs`. */
  topUp(count: number, overMs: number): Promise<void>;
  /** Weight 0, and what the edge holds is sent again, cut or left to end by itself: two steps (limits.md, Sudden loss). */
  dead(): Promise<Result<DeadOutcome>>;
  /** Takes an edge that was dead or gone back at weight 0, with no connection of before. */
  revive(): Promise<Result<void>>;
  /** Where the edge's gate is from now on. */
  useGate(gate: GateAddress | null): Promise<Result<void>>;
  /**
   * Two probes of the edge's gate in a row failed, or succeeded; called on each change while watched.
   * `notReady`: what the gate itself says of a 503 (GATE_READY_PATH), null when it is silent; a change of it is one too.
   */
  watchEdge(onChange: (alive: boolean, notReady: GateState['notReady']) => void): { dispose(): void };
  /** From suspect on: probe each 300 ms instead of each second. */
  hurry(on: boolean): void;
}

/** The edge's gate, as the leaver uses it. */
export interface GateControl {
  state(): Promise<Result<GateState>>;
  /** Not ready: the front's checks fail, answers carry `Connection: close`, what comes is still served. */
  setReady(ready: boolean, why: 'leaving' | 'stayOut' | null): Promise<Result<void>>;
  /** Resets what is still open, after it was listed. */
  cut(): Promise<Result<readonly OpenRequest[]>>;
  address(): Promise<Result<GateAddress>>;
}

export interface GateState {
  readonly ready: boolean;
  readonly notReady: 'starting' | 'leaving' | 'paused' | 'upstreamDown' | 'stayOut' | null;
  /** Requests of others than our probes since the gate began. */
  readonly requests: number;
  readonly inFlight: number;
  readonly open: readonly OpenRequest[];
  /** The workload answers on its health path; null: it was not asked yet. */
  readonly upstreamUp: boolean | null;
}

/** The local cluster, as the leaver ends and begins it. */
export interface ClusterStopper {
  /** Null when no cluster runs here. */
  running(): string | null;
  /** Stops it; what it takes longer than the limit is forced. */
  stop(limitMs: number): Promise<Result<{ readonly forced: boolean; readonly stoppedMs: number }>>;
  /** Starts what `stop` stopped; resolves when it is running. */
  start(): Promise<Result<void>>;
  /** Runs and is ready; null when it cannot be told or there is none. */
  ready(): boolean | null;
}

/** Can this core carry everything? Null: nobody can tell. */
export interface CoreFitness {
  fit(): { readonly fit: boolean | null; readonly why: Problem | null };
}

export type Say = (words: HandoffWords) => void;
