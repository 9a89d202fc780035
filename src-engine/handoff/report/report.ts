import { z } from 'zod';
import { openRequestSchema } from '../../../src-shared/handoff-messages.ts';
import { handoffStepSchema, leaveReasonSchema } from '../../../src-shared/world/handoff.ts';
import { isoTime } from '../../../src-shared/world/measured.ts';
import { problemSchema, sharesSchema } from '../../../src-shared/world/traffic.ts';

/** How a departure, a loss or a return went, as history keeps it (evidence.report) and `history report ID` shows it. */
export const handoffReportSchema = z.object({
  handoffId: z.string(),
  epoch: z.number().int().min(0),
  kind: z.enum(['departure', 'loss', 'return']),
  /** How it ended. `cancelled` departures and returns that went back to 0 are reports too. */
  outcome: z.enum(['offline', 'serving', 'lost', 'cancelled', 'held', 'failed']),
  planned: z.boolean(),
  /** Forced and alone: nobody proved anything on the core's side. */
  noPeer: z.boolean(),
  reasons: z.array(leaveReasonSchema).max(10),
  startedAt: isoTime,
  elapsedMs: z.number().min(0),
  /** Null where the deadline did not apply. */
  deadlineMs: z.number().min(0).nullable(),
  sharesBefore: sharesSchema.nullable(),
  sharesAfter: sharesSchema.nullable(),
  steps: z.array(handoffStepSchema).max(40),
  /** By the front's counters between begin and end; null when they could not be read. */
  requests: z
    .object({
      total: z.number(),
      core: z.number(),
      edge: z.number(),
      failed: z.number(),
      retried: z.number(),
      probes: z.number(),
    })
    .nullable(),
  /** Requests that went to the core instead of the edge since the weights moved. */
  moved: z.number().nullable(),
  cut: z.array(openRequestSchema).max(20),
  cutCount: z.number().int().min(0),
  resent: z.number().int().min(0),
  /** The evidence for each decision, in order: the World's link facts, probes, readings. */
  evidence: z
    .array(z.object({ at: isoTime, what: z.string().max(200), facts: z.record(z.string(), z.unknown()) }))
    .max(40),
  problem: problemSchema.nullable(),
});
export type HandoffReport = z.infer<typeof handoffReportSchema>;
