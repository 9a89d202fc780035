import type { HandoffMessage } from '../../src-shared/handoff-messages.ts';
import type { HandoffLimits } from '../../src-shared/settings.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { Problem, Shares, Traffic } from '../../src-shared/world/traffic.ts';
import type { Stage } from '../../src-shared/world/vitals.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { ClusterStopper, CoreFitness, Courier, GateControl, LinkFact, TrafficSwitch } from './ports.ts';
import type { HandoffReport } from './report/report.ts';

/** What the room, its keeper and its leaver know of each other. Types only. */

interface SharedPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** Divides countdown, cool-down, delays and the steps of a return; never a departure's own steps (limits.md). */
  readonly timeScale: number;
  readonly courier: Courier;
  link(): LinkFact;
  /** `limits`: the numbers of `handoff.*`; absent: the defaults. */
  settings(): { readonly shares: Shares; readonly deadlineMs: number; readonly limits?: HandoffLimits };
  /** May something happen by itself? Stage stop, shutdown and weight 0 on loss do not ask. */
  mayAct(): boolean;
  publish(handoff: Handoff): void;
  /** A line of history; kinds begin with `handoff.`. */
  note(kind: string, what: string, evidence: Readonly<Record<string, unknown>>): void;
  /** A departure, loss or return ended: its report goes into history; the record's id. */
  report(report: HandoffReport): string;
}

export interface KeeperPorts extends SharedPorts {
  /** `handoff.json` of the home. */
  readonly recordFile: string;
  /** Of the paired Mac: a record of another pair rules nothing. */
  readonly peerPin: string | null;
  readonly traffic: TrafficSwitch;
  readonly fitness: CoreFitness;
  /** The World's traffic now, for STATE. */
  trafficView(): Traffic | null;
}

/** The core's half. */
export interface Keeper {
  /** Derives from record, live weight and link what is to be done, and does it. */
  begin(): Promise<void>;
  hear(message: HandoffMessage): void;
  linkChanged(fact: LinkFact): void;
  /** World.traffic changed: the edge is told with the next STATE. */
  trafficChanged(): void;
  settingsChanged(): void;
  /** Of a person on the core when the edge cannot be asked: clears a HOLD, cancels. Errors: handoffCodes. */
  person(verb: 'cancel' | 'return'): Promise<Result<Handoff>>;
  view(): Handoff;
  /** Ends timers; what is under way stays in the record. */
  dispose(): Promise<void>;
}

export type HostEvent = 'suspend' | 'resume' | 'shutdown' | 'onAc' | 'onBattery';

/** What vitals say, as far as reasons are made of it. */
export interface StageFact {
  readonly stage: Stage;
  readonly reasons: readonly {
    readonly metric: string;
    readonly stage: Stage;
    readonly value: number | null;
    readonly limit: number;
    readonly since: string;
  }[];
}

export interface LeaverPorts extends SharedPorts {
  /** `run/leaver.json` of the home. */
  readonly journalFile: string;
  readonly bootId: string;
  readonly gate: GateControl;
  readonly cluster: ClusterStopper;
}

/** The edge's half. */
export interface Leaver {
  begin(): Promise<void>;
  hear(message: HandoffMessage): void;
  linkChanged(fact: LinkFact): void;
  stage(fact: StageFact): void;
  lid(closed: boolean | null): void;
  /** Resolves when a forced departure that this event began has ended or its limit is over (shutdown: 20 s). */
  hostEvent(event: HostEvent): Promise<void>;
  leave(input: { readonly now: boolean; readonly reason: string | null }): Promise<Result<Handoff>>;
  cancel(): Promise<Result<Handoff>>;
  delay(): Promise<Result<{ readonly delayedUntil: string }>>;
  return(): Promise<Result<Handoff>>;
  /** The gate's state or the cluster's changed, or settings did: look again. */
  lookAgain(): void;
  view(): Handoff;
  /** Why this edge would not leave now, for the dry run. */
  problems(): readonly Problem[];
  dispose(): Promise<void>;
}
