import { evictStepBy, type DrainBase } from '../drain-steps.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import { observeKind, type KindEyes } from './kind-observe.ts';

/** What moves pods, beside what sees them. */
export type DrainHands = KindEyes & DrainBase;

/** Nodes closed, pods gone as far as their budgets allow; fails when some stay. */
export const evictStep = (hands: DrainHands, record: ClusterRecord): Step =>
  evictStepBy(hands, record, (asked) => observeKind(hands, asked));
