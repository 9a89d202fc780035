import { z } from 'zod';
import { isoTime } from '../world/measured.ts';
import { command } from './command.ts';

/** One line of history.jsonl; public (design/interface.md). */
export const historyRecordSchema = z.looseObject({
  id: z.string(),
  at: isoTime,
  kind: z.string(),
  what: z.string(),
  why: z.string().nullable(),
  evidence: z.record(z.string(), z.unknown()),
  /** The id of the record that this one puts right (design decision 8). */
  corrects: z.string().optional(),
});
export type HistoryRecord = z.infer<typeof historyRecordSchema>;

export const doctorCheckSchema = z.object({
  /** Id of language/: `doctor.ID`. */
  check: z.string(),
  verdict: z.enum(['ok', 'advice', 'problem', 'unknown']),
  /** Sentence and action in English; a screen translates by `sentenceKey` and `actionKey`. */
  sentence: z.string(),
  action: z.string().nullable(),
  sentenceKey: z.string(),
  actionKey: z.string().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

const offline = true as const;

export const housekeepingCommands = {
  'history.list': command({
    input: z.strictObject({
      /** Such as `1h`, `30m`, `7d`. */
      since: z.string().max(20).optional(),
      limit: z.number().int().min(1).max(10_000).default(200),
    }),
    output: z.object({ records: z.array(historyRecordSchema) }),
    cli: { words: 'history', offline },
    renderer: true,
  }),
  /** Sends `history.added` for each new record. */
  'history.follow': command({ input: z.strictObject({}), output: z.object({}) }),
  'history.report': command({
    input: z.strictObject({ id: z.string().max(64) }),
    output: z.object({
      record: historyRecordSchema,
      corrections: z.array(historyRecordSchema),
      /** Of a departure, a loss or a return; null for every other record. */
      markdown: z.string().nullable(),
    }),
    cli: { words: 'history report', positionals: ['id'], offline },
  }),
  'settings.get': command({
    input: z.strictObject({ key: z.string().max(100).optional() }),
    output: z.object({ value: z.unknown() }),
    cli: { words: 'settings get', positionals: ['key'], offline },
    renderer: true,
  }),
  'settings.set': command({
    /** `force`: another role although the edge still serves. */
    input: z.strictObject({ key: z.string().max(100), value: z.unknown(), force: z.boolean().optional() }),
    output: z.object({ key: z.string(), value: z.unknown(), needsRestart: z.boolean() }),
    cli: { words: 'settings set', positionals: ['key', 'value'], offline },
    renderer: true,
  }),
  'automation.pause': command({
    /** Such as `30m`; at most 30 days. */
    input: z.strictObject({ duration: z.string().max(20) }),
    output: z.object({ enabled: z.boolean(), pausedUntil: isoTime.nullable() }),
    cli: { words: 'automation pause', positionals: ['duration'] },
    renderer: true,
  }),
  'automation.resume': command({
    input: z.strictObject({}),
    output: z.object({ enabled: z.boolean(), pausedUntil: isoTime.nullable() }),
    cli: { words: 'automation resume' },
    renderer: true,
  }),
  'doctor.run': command({
    input: z.strictObject({
      /** Writes the raw outputs of every tool and sensor read, without serials and secrets. */
      record: z.string().max(1024).optional(),
    }),
    output: z.object({ checks: z.array(doctorCheckSchema), recorded: z.string().nullable() }),
    cli: { words: 'doctor', offline },
  }),
  /** Removes what this home started and its state. Offline only: the engine must be gone first. */
  'reset.run': command({
    input: z.strictObject({ yes: z.boolean().default(false) }),
    output: z.object({ removed: z.array(z.string()), kept: z.array(z.string()) }),
    cli: { words: 'reset', offline },
  }),
};
