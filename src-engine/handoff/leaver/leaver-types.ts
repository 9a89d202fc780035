import type { HandoffLimits } from '../../../src-shared/settings.ts';
import type { Result } from '../../../src-shared/errors/result.ts';
import type {
  GateAddress,
  HandoffMessage,
  HandoffMessageType,
  HandoffWords,
  OpenRequest,
} from '../../../src-shared/handoff-messages.ts';
import type { Handoff, HandoffStep, LeaveReason } from '../../../src-shared/world/handoff.ts';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { GateState } from '../ports.ts';
import type { Reasons } from '../reasons/reasons.ts';
import type { HandoffReport } from '../report/report.ts';
import type { StageFact } from '../room-ports.ts';
import type { DrainWatch } from './drain-watch.ts';

/** The leaver's state, what it is told and what it asks for: closed unions. Types only. */

/** The world at the moment of an event, read by the runner. */
export interface Moment {
  /** Monotonic. */
  readonly ms: number;
  /** Own wall clock, ISO-8601; for people and for the journal alone. */
  readonly at: string;
  readonly mayAct: boolean;
  readonly deadlineMs: number;
  /** Absent: the defaults. */
  readonly limits?: HandoffLimits | undefined;
  readonly timeScale: number;
  /** `running`: null when no cluster runs here. */
  readonly cluster: { readonly running: string | null; readonly ready: boolean | null };
}

/** A departure under way. Times are this Mac's own. */
export interface Departure {
  readonly startedMs: number;
  readonly startedAt: string;
  readonly reasons: readonly LeaveReason[];
  /** Monotonic; null until somebody set one: the core with PREPARE, a forced reason at once. */
  readonly deadlineMs: number | null;
  readonly deadlineAt: string | null;
  /** From when it was set to its end. */
  readonly totalMs: number | null;
  /** As DRAIN named it; '' before. RELEASE of another one is not for this one. */
  readonly handoffId: string;
  /** Forced, and the core is away or unfit: nobody proves anything. */
  readonly alone: boolean;
  /** It began without a share: turned round, it stays out. */
  readonly fromOut: boolean;
  /** The core said that weight 0 is live. */
  readonly zeroLive: boolean;
  /** Too late to cancel: it is finished although its reasons are gone. */
  readonly committed: boolean;
  /** The core's last sign that it works on this. */
  readonly heardMs: number;
  /** It has given none for as long as is waited. */
  readonly stalled: boolean;
  readonly steps: readonly HandoffStep[];
  /** Since when the last of them runs, monotonic. */
  readonly stepMs: number;
  readonly newRequests: number;
  readonly cut: readonly OpenRequest[];
  readonly cutCount: number;
  readonly stoppedMs: number;
  readonly stopForced: boolean;
}

/** What this edge is doing; see SEQUENCE.md. */
export type Phase =
  /** Not admitted: its gate stays out. `final`: refused for good, until a person, a session or the core says otherwise. */
  | {
      readonly name: 'out';
      readonly askedMs: number | null;
      /** Nothing is asked before, monotonic; null: at once. */
      readonly notBeforeMs: number | null;
      readonly final: boolean;
    }
  | {
      readonly name: 'serving';
      readonly countdown: Due | null;
      /** No departure by itself before. */
      readonly notBefore: (Due & { readonly why: 'person' | 'refused' }) | null;
      /** A departure was cancelled and the core has not shown yet that it knows; `released`: it had said RELEASE. */
      readonly cancelled: { readonly departure: Departure; readonly released: boolean } | null;
    }
  | { readonly name: 'asking'; readonly departure: Departure; readonly saidMs: number }
  | { readonly name: 'prepared'; readonly departure: Departure }
  | {
      readonly name: 'draining';
      readonly departure: Departure;
      readonly watch: DrainWatch;
      readonly cutting: boolean;
    }
  | { readonly name: 'drained'; readonly departure: Departure; readonly saidMs: number }
  | { readonly name: 'stopping'; readonly departure: Departure }
  | { readonly name: 'gone'; readonly departure: Departure | null; readonly startAgainMs: number | null }
  | { readonly name: 'starting' }
  /** Lid or suspend: nothing was prepared. `acked`: the core heard it. */
  | {
      readonly name: 'leftNow';
      readonly sinceMs: number;
      readonly reason: LeaveReason;
      readonly acked: boolean;
      readonly live: boolean;
    };
export type PhaseName = Phase['name'];
export type InDeparture = Extract<Phase, { readonly departure: Departure }>;

/** A moment to come, for timers and for people. */
export interface Due {
  readonly ms: number;
  readonly at: string;
}

/** The core's last STATE. */
export interface CoreWord {
  readonly handoff: Handoff;
  readonly toldAt: string;
}

export interface LeaverState {
  readonly bootId: string;
  /** Changes with each wake and each start of the engine. */
  readonly wakeId: string;
  /** When this engine began. */
  readonly beganMs: number;
  readonly phase: Phase;
  readonly phaseMs: number;
  readonly phaseAt: string;
  readonly reasons: Reasons;
  /** What vitals said last; null: nothing yet. */
  readonly stages: StageFact | null;
  readonly lid: boolean | null;
  readonly link: LinkState;
  /** `greeting`: REJOIN is being put together; `asked`: it was sent; `open`: the core has answered. */
  readonly session: 'none' | 'greeting' | 'asked' | 'open';
  readonly greetAgainMs: number | null;
  /** The last REJOIN said where the gate is. */
  readonly gateTold: boolean;
  /** Its address could not be had: from when on it is looked up again, monotonic, and how long was waited; null: at once. */
  readonly gateAgain: { readonly ms: number; readonly afterMs: number } | null;
  readonly heard: {
    readonly type: HandoffMessageType;
    readonly epoch: number;
    readonly seq: number;
  } | null;
  /** The last that were heard. */
  readonly handoffId: string;
  readonly epoch: number;
  readonly core: CoreWord | null;
  /** Names and levels of the reasons that the core was told last in this session. */
  readonly told: string | null;
  readonly gate: GateState | null;
  /** Counts orders to the gate: what was seen before the last one is no news. */
  readonly gateTurn: number;
  readonly looking: boolean;
  readonly lookMs: number;
  /** Its pause guard tripped, and no ADMIT has come since. */
  readonly gatePaused: boolean;
  /** The host sleeps, as far as it said. */
  readonly asleep: boolean;
  /** From then on the last wake counts as one, monotonic; null: none was seen. */
  readonly awakeAtMs: number | null;
  /** The return under way was asked for by a person. */
  readonly person: boolean;
  /** We stopped it, so we start it again. */
  readonly clusterStopped: boolean;
  /** A stop that failed, or left something running, is tried again from then on, monotonic. */
  readonly stopAgainMs: number | null;
  /** This edge has had no share since that was proven. */
  readonly noShare: boolean;
  readonly problem: Problem | null;
  /** History id of the report that this edge wrote itself. */
  readonly lastReport: string | null;
}

export type LeaverEvent =
  | { readonly type: 'time' }
  | { readonly type: 'look' }
  /** `told`: somebody said so, which with the link up is a new session; else it was only looked at. */
  | { readonly type: 'link'; readonly state: LinkState; readonly told: boolean }
  | { readonly type: 'stage'; readonly fact: StageFact }
  | { readonly type: 'lid'; readonly closed: boolean | null }
  | { readonly type: 'suspend' | 'shutdown' }
  | { readonly type: 'resume'; readonly wakeId: string }
  | { readonly type: 'leave'; readonly now: boolean; readonly detail: string | null }
  | { readonly type: 'cancel' | 'delay' | 'return' }
  | { readonly type: 'heard'; readonly message: HandoffMessage }
  /** What REJOIN says of the gate was looked up; null: unknown. */
  | { readonly type: 'greeting'; readonly address: GateAddress | null; readonly gate: GateState | null }
  /** A message could not be sent: there is no session. */
  | { readonly type: 'unsent' }
  | { readonly type: 'gate'; readonly turn: number; readonly gate: GateState | null }
  | { readonly type: 'cut'; readonly cut: readonly OpenRequest[] }
  | { readonly type: 'leftNow'; readonly acked: boolean }
  | {
      readonly type: 'stopped';
      readonly result: Result<{ readonly forced: boolean; readonly stoppedMs: number }>;
    }
  | { readonly type: 'started'; readonly result: Result<void> }
  | { readonly type: 'reported'; readonly id: string };

export type Effect =
  | SendEffect
  /** By datagram too, until acknowledged; outcome: `leftNow`. */
  | (Omit<SendEffect, 'type'> & { readonly type: 'leaveNow' })
  /** Looks up address and state of the gate; outcome: `greeting`. */
  | { readonly type: 'greet' }
  | { readonly type: 'setGate'; readonly why: 'leaving' | 'stayOut' | null }
  /** Outcome: `gate`. */
  | { readonly type: 'lookAtGate'; readonly turn: number }
  /** Outcome: `cut`. */
  | { readonly type: 'cut' }
  /** Outcome: `stopped`. Only upon RELEASE, or forced and alone. */
  | { readonly type: 'stopCluster'; readonly limitMs: number }
  /** Outcome: `started`. */
  | { readonly type: 'startCluster' }
  | {
      readonly type: 'note';
      readonly kind: string;
      readonly what: string;
      readonly evidence: Readonly<Record<string, unknown>>;
    }
  /** Outcome: `reported`. */
  | { readonly type: 'report'; readonly report: HandoffReport };

export interface SendEffect {
  readonly type: 'send';
  readonly words: HandoffWords;
  readonly handoffId: string;
  readonly epoch: number;
}

export interface Outcome {
  readonly state: LeaverState;
  readonly effects: readonly Effect[];
}

/** A reducer's own working copy; outside of it the state is a value. */
export interface Draft {
  readonly now: Moment;
  state: LeaverState;
  readonly effects: Effect[];
}
