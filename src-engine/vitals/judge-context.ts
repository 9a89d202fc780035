import type { StageLimits } from '../../src-shared/settings.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Situation } from './cadence.ts';
import type { Moment } from './stages/trigger.ts';

/** What a judgement depends on beside the board. */
export interface JudgeContext {
  readonly now: Moment;
  readonly limits: StageLimits;
  readonly role: Role;
  readonly usualDrainMs: number | null;
  readonly fanless: boolean;
  readonly situation: Situation;
}
