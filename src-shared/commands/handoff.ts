import { z } from 'zod';
import { handoffSchema } from '../world/handoff.ts';
import { isoTime } from '../world/measured.ts';
import { problemSchema, trafficSchema } from '../world/traffic.ts';
import { command } from './command.ts';

/** What would happen if the edge left now; measured, never guessed: null where nothing was measured. */
export const dryRunSchema = z.object({
  /** What would refuse or hold it. */
  problems: z.array(problemSchema).max(20),
  /** Can the core carry everything? Null: not measured. */
  coreFit: z.boolean().nullable(),
  coreProbes: z.object({ sent: z.number(), ok: z.number(), p95Ms: z.number().nullable() }).nullable(),
  /** Requests that would move, a second. */
  perSecond: z.number().min(0).nullable(),
  inFlight: z.number().min(0).nullable(),
  /** Median of the last planned departures; null when there were none. */
  expectedMs: z.number().min(0).nullable(),
  departures: z.number().int().min(0),
  /** The cluster that would stop; null when none runs. */
  cluster: z.string().nullable(),
  /** Pods that cannot move, with the reason; null where nobody can tell. */
  stuckPods: z
    .array(z.object({ name: z.string(), why: z.string() }))
    .max(50)
    .nullable(),
});
export type DryRun = z.infer<typeof dryRunSchema>;

const renderer = true as const;

/** Departure and return: on either Mac; the edge decides for itself, the core asks it. */
export const handoffCommands = {
  /** Answers when it was accepted; its course is `handoff` of the World. `now` skips a countdown. */
  'handoff.leave': command({
    input: z.strictObject({ now: z.boolean().default(false), reason: z.string().max(200).optional() }),
    output: handoffSchema,
    cli: { words: 'leave' },
    renderer,
  }),
  'handoff.dryRun': command({ input: z.strictObject({}), output: dryRunSchema, renderer }),
  'handoff.cancel': command({
    input: z.strictObject({}),
    output: handoffSchema,
    cli: { words: 'cancel' },
    renderer,
  }),
  /** Puts an automatic departure off by 10 min, never past stage stop. */
  'handoff.delay': command({
    input: z.strictObject({}),
    output: z.object({ delayedUntil: isoTime }),
    cli: { words: 'delay' },
    renderer,
  }),
  'handoff.return': command({
    input: z.strictObject({}),
    output: handoffSchema,
    cli: { words: 'return' },
    renderer,
  }),
  'traffic.get': command({
    input: z.strictObject({}),
    output: z.object({ traffic: trafficSchema.nullable() }),
    cli: { words: 'traffic' },
    renderer,
  }),
};
