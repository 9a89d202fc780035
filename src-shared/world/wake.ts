import { z } from 'zod';
import { isoTime } from './measured.ts';
import { problemSchema } from './traffic.ts';

/** In the order in which they are looked at after a sleep: each stands on those before it. Words are `wake.ID`. */
export const wakeLineIds = ['clock', 'api', 'nodes', 'certificates', 'link', 'tunnel', 'front'] as const;
export type WakeLineId = (typeof wakeLineIds)[number];

export const wakeLineSchema = z.object({
  id: z.enum(wakeLineIds),
  /** `recovered`: not at once, and by itself. `unknown`: what it stands on is not there, or it cannot be looked at. */
  verdict: z.enum(['looking', 'ok', 'recovered', 'problem', 'unknown']),
  problem: problemSchema.nullable(),
  /** Since the wake, until it was decided; null while it is looked at. */
  tookMs: z.number().min(0).nullable(),
});
export type WakeLine = z.infer<typeof wakeLineSchema>;

/** What this Mac's part of the pair was like after the last sleep. Null: it has not slept since this engine began. */
export const wakeSchema = z.object({
  at: isoTime,
  state: z.enum(['looking', 'done']),
  /** What does not apply to this Mac is not there. */
  lines: z.array(wakeLineSchema),
});
export type Wake = z.infer<typeof wakeSchema>;
