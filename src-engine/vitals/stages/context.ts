import type { StageLimits } from '../../../src-shared/settings.ts';
import type { Reason } from '../../../src-shared/world/vitals.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import type { Moment } from './trigger.ts';

/** What all stage rules are given. */
export interface StageContext {
  readonly now: Moment;
  readonly limits: StageLimits;
  readonly role: Role;
  /** Divides dwell times and latches (TANDEM_TIME_SCALE). */
  readonly timeScale: number;
  /** Usual duration of a drain, milliseconds; null when never measured. */
  readonly usualDrainMs: number | null;
  /** No fan: heat at level 2 is normal under load. */
  readonly fanless: boolean;
}

/** What a rule gives back beside its new state. */
export interface StageOutcome<State> {
  readonly state: State;
  readonly reasons: readonly Reason[];
  /** When it must be asked again even if nothing is read; null: never. */
  readonly dueMs: number | null;
}

/** A dwell in milliseconds of this run. */
export function dwellMs(context: StageContext, seconds: number): number {
  return (seconds * 1000) / context.timeScale;
}

/** On the core only `warn` exists: nothing there stops by itself (design/limits.md, Stages). */
export function mayLeave(context: StageContext): boolean {
  return context.role !== 'core';
}
