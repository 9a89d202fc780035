import type { GateAddress, HandoffMessage, HandoffWords } from '../../../src-shared/handoff-messages.ts';
import type { HandoffLimits } from '../../../src-shared/settings.ts';
import type { Result } from '../../../src-shared/errors/result.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import type {
  Counters,
  DeadOutcome,
  GateState,
  LinkFact,
  LiveProof,
  ProbeOutcome,
  SharesRead,
} from '../ports.ts';
import type { HandoffReport } from '../report/report.ts';
import type { KeeperRecord, ReadRecord } from './record.ts';

/** What the reducer is told and what it asks for: closed unions. Types only. */

/** The world at the moment of an event, read by the runner. */
export interface Moment {
  /** Monotonic. */
  readonly ms: number;
  readonly wallMs: number;
  /** For a departure, loss or return that begins now. */
  readonly id: string;
  /** The shares of the settings. */
  readonly target: Shares;
  readonly deadlineMs: number;
  /** Absent: the defaults. */
  readonly limits?: HandoffLimits | undefined;
  readonly timeScale: number;
  readonly mayAct: boolean;
  /** The weights by the regular look at the front (each second under load, else each five); absent or null: not known. */
  readonly shown?: Shares | null | undefined;
  /** Requests come. */
  readonly flows?: boolean | undefined;
  readonly fitness: { readonly fit: boolean | null; readonly why: Problem | null };
}

/** Work on the front; its outcome comes back as an event with the same id. One at a time. */
export type Act =
  | { readonly do: 'read' }
  /** `once`: what cannot be read is unknown and not asked again. */
  | { readonly do: 'counters'; readonly once: boolean }
  | { readonly do: 'check' }
  | { readonly do: 'checkEdge' }
  /** Core and edge at the same time. */
  | { readonly do: 'pairs'; readonly count: number }
  | WriteAct
  | { readonly do: 'verify'; readonly oldShares: Shares; readonly limitMs: number }
  | { readonly do: 'dead' }
  | { readonly do: 'revive' };

export interface WriteAct {
  readonly do: 'write';
  readonly target: Shares;
  /** Live weights that are no conflict. */
  readonly ours: readonly Shares[];
  /** Only a return that passed may say so: the runner keeps a lower weight otherwise. */
  readonly mayRaise: boolean;
  /** Writes although the front reads as wanted. */
  readonly again: boolean;
  /** Whoever wrote: weight 0 comes first. Only ever with a target of 0. */
  readonly force: boolean;
}

export type Did =
  | { readonly do: 'read'; readonly result: Result<SharesRead> }
  | { readonly do: 'counters'; readonly result: Result<Counters> }
  | { readonly do: 'check' | 'checkEdge'; readonly result: Result<ProbeOutcome> }
  | {
      readonly do: 'pairs';
      readonly result: Result<{ readonly core: ProbeOutcome; readonly edge: ProbeOutcome }>;
    }
  | { readonly do: 'write'; readonly result: Result<Shares> }
  | { readonly do: 'verify'; readonly result: Result<LiveProof> }
  | { readonly do: 'dead'; readonly result: Result<DeadOutcome> }
  | { readonly do: 'revive'; readonly result: Result<void> };

export type Effect =
  | { readonly type: 'act'; readonly id: number; readonly act: Act }
  | { readonly type: 'say'; readonly words: HandoffWords }
  /** STATE now, whether something changed or not. */
  | { readonly type: 'tell' }
  | { readonly type: 'useGate'; readonly gate: GateAddress }
  | { readonly type: 'topUp'; readonly count: number; readonly overMs: number; readonly window: number }
  | { readonly type: 'hurry'; readonly on: boolean }
  | {
      readonly type: 'note';
      readonly kind: string;
      readonly what: string;
      readonly evidence: Readonly<Record<string, unknown>>;
    }
  /** Into history; its id is `lastReport` afterwards. */
  | { readonly type: 'report'; readonly report: HandoffReport };

export type KeeperEvent =
  | { readonly type: 'message'; readonly message: HandoffMessage }
  | { readonly type: 'link'; readonly fact: LinkFact }
  /** Two probes of the gate in a row said so; `notReady` is the gate's own word; null: it said none. */
  | { readonly type: 'edge'; readonly alive: boolean; readonly notReady: GateState['notReady'] }
  | { readonly type: 'person'; readonly verb: 'cancel' | 'return' }
  | { readonly type: 'settings' }
  | { readonly type: 'tick' }
  | { readonly type: 'did'; readonly id: number; readonly did: Did }
  | { readonly type: 'toppedUp'; readonly window: number; readonly count: number }
  | { readonly type: 'gateUsed'; readonly gate: GateAddress; readonly result: Result<void> }
  | { readonly type: 'reported'; readonly id: string };

/** An act that runs, or that is tried again at `retryMs` because the front could not be asked. */
export interface Running {
  readonly id: number;
  readonly act: Act;
  readonly retryMs: number | null;
}

/** What an engine knows only while it lives. */
export interface Live {
  readonly beganMs: number;
  /** Until the front was read for the first time nothing is decided. */
  readonly resuming: ReadRecord['kind'] | null;
  readonly link: LinkFact;
  readonly linkMs: number;
  readonly edgeAlive: boolean | null;
  /** Its gate, or its own word, says that it drains: not ready, and it serves what it has. */
  readonly edgeLeaving: boolean;
  readonly running: Running | null;
  readonly nextAct: number;
  /** Of the edge's engine that speaks. */
  readonly wakeId: string | null;
  readonly heardSeqs: readonly number[];
  /** The edge has spoken in the present epoch. */
  readonly heardEpoch: boolean;
  /** The front knows the gate; null: not asked for yet. */
  readonly gateUsed: boolean | null;
  readonly gateMs: number;
  readonly toldMs: number;
  readonly assertedMs: number;
  /** When in-flight counters or a window's were asked for last. */
  readonly polledMs: number;
  readonly admitMs: number;
  /** A LEAVE_NOW that is to be answered with ACK(live). */
  readonly ackLive: boolean;
  /** A return was asked for and its probes run. */
  readonly asked: { readonly person: boolean } | null;
  /** A top-up is under way. */
  readonly toppingUp: boolean;
  /** WARNED, and its own probes were done. */
  readonly warmed: boolean;
  /** Heard before the front could be read; looked at afterwards. */
  readonly waiting: readonly HandoffMessage[];
}

export type KeeperState = KeeperRecord & { readonly live: Live };

export interface Outcome {
  readonly state: KeeperState;
  readonly effects: readonly Effect[];
}

/** A reducer's own working copy; outside of it the state is a value. */
export interface Draft {
  readonly now: Moment;
  state: KeeperState;
  readonly effects: Effect[];
}
