import { z } from 'zod';
import { isoTime, percent } from './measured.ts';
import { problemSchema } from './traffic.ts';

/** The states of a hand-off (design/limits.md, Hand-off); words are `handoff.STATE` in language/. */
export const handoffStateSchema = z.enum([
  'SERVING',
  'WARNED',
  'PREPARING',
  'SHIFTING',
  'VERIFYING',
  'DRAINING',
  'RELEASED',
  'OFFLINE',
  'SUSPECT',
  'LOST',
  'RETURNING',
  'HOLD',
]);
export type HandoffState = z.infer<typeof handoffStateSchema>;

/** Why the edge must go. Each clears only itself; `user` is cleared by a person alone. */
export const reasonNameSchema = z.enum([
  'battery',
  'memory',
  'thermal',
  'lid',
  'suspend',
  'shutdown',
  'user',
]);
export type ReasonName = z.infer<typeof reasonNameSchema>;

export const leaveReasonSchema = z.object({
  name: reasonNameSchema,
  /** `warn`: stays, pre-warms. `drain`: leaves after a countdown. `forced`: leaves at once and never holds (stage stop, shutdown, suspend). */
  level: z.enum(['warn', 'drain', 'forced']),
  since: isoTime,
  /** What a person wrote with `leave --reason`, or the reading behind it ("24 %"). */
  detail: z.string().max(200).nullable(),
});
export type LeaveReason = z.infer<typeof leaveReasonSchema>;

/** One step of a departure, a loss or a return, with what it measured. Words are `handoff.step.STEP`. */
export const handoffStepSchema = z.object({
  step: z.enum([
    'WARNED',
    'PREPARING',
    'SHIFTING',
    'VERIFYING',
    'DRAINING',
    'RELEASED',
    'OFFLINE',
    'SUSPECT',
    'LOST',
    'RETURN_10',
    'RETURN_50',
    'RETURN_FULL',
  ]),
  startedAt: isoTime,
  /** Null while it runs. */
  elapsedMs: z.number().min(0).nullable(),
  /** Null where the step has no limit. */
  limitMs: z.number().min(0).nullable(),
  outcome: z.enum(['running', 'done', 'cut', 'failed', 'skipped']),
  /** Measured, with its unit in the name: `inFlightCore`, `probes`, `requestsMoved`, `cut`, … */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type HandoffStep = z.infer<typeof handoffStepSchema>;

/** On its way back: which share is tried, and what it still needs. */
export const returningSchema = z.object({
  /** Share of the edge that is being tried, percent; 0 before the first step. */
  share: percent,
  /** The share it returns to. */
  target: percent,
  /** Requests the window has seen, and needs. */
  requests: z.number().min(0),
  requestsNeeded: z.number().min(0),
  /** The earliest end of the step. */
  untilAt: isoTime.nullable(),
});

/** A departure, a loss or a return, as both Macs show it (design/interface.md, `handoff`). */
export const handoffSchema = z.object({
  state: handoffStateSchema,
  since: isoTime,
  reasons: z.array(leaveReasonSchema).max(10),
  /** Wall time at which a running departure ends at the latest. */
  deadlineAt: isoTime.nullable(),
  /** True from the end of DRAINING and while this edge has no share; null when unknown. */
  safeToCloseLid: z.boolean().nullable(),
  /** The departure, loss or return under way or ended last. */
  handoffId: z.string().nullable(),
  epoch: z.number().int().min(0),
  /** A countdown before an automatic departure. */
  countdownEndsAt: isoTime.nullable(),
  /** A person put it off until then. */
  delayedUntil: isoTime.nullable(),
  /** Why it does not go on by itself. */
  hold: problemSchema.nullable(),
  /** Neither announced nor asked for: a loss, or a lid that closed. */
  unplanned: z.boolean(),
  steps: z.array(handoffStepSchema).max(40),
  returning: returningSchema.nullable(),
  /** No return before. */
  coolDownUntil: isoTime.nullable(),
  /** History id of the last report. */
  lastReport: z.string().nullable(),
  /** On the edge: when the core last said so; null when this Mac itself knows. */
  toldAt: isoTime.nullable(),
});
export type Handoff = z.infer<typeof handoffSchema>;
