import { config, z } from 'zod';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { handoffStepSchema, leaveReasonSchema } from '../../src-shared/world/handoff.ts';
import { leaveReasonSentence } from '../../src-shared/world/handoff-sentence.ts';
import { isoTime } from '../../src-shared/world/measured.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import { problemSchema, sharesSchema } from '../../src-shared/world/traffic.ts';
import { grouped } from './step-view.ts';

// Compiled checks need eval, which this page's content security policy forbids.
config({ jitless: true });

/** What this page reads of a report (src-engine/handoff/report/report.ts); the file may be of another version. */
const reportSchema = z.object({
  kind: z.enum(['departure', 'loss', 'return']),
  outcome: z.enum(['offline', 'serving', 'lost', 'cancelled', 'held', 'failed']),
  planned: z.boolean(),
  noPeer: z.boolean().catch(false),
  reasons: z.array(leaveReasonSchema).catch([]),
  startedAt: isoTime,
  elapsedMs: z.number().min(0),
  sharesBefore: sharesSchema.nullable().catch(null),
  sharesAfter: sharesSchema.nullable().catch(null),
  steps: z.array(handoffStepSchema).catch([]),
  requests: z
    .object({
      total: z.number(),
      core: z.number(),
      edge: z.number(),
      failed: z.number(),
      retried: z.number(),
      probes: z.number(),
    })
    .nullable()
    .catch(null),
  moved: z.number().nullable().catch(null),
  cut: z.array(z.object({ method: z.string(), path: z.string(), ageMs: z.number() })).catch([]),
  cutCount: z.number().catch(0),
  resent: z.number().catch(0),
  evidence: z.array(z.object({ at: isoTime, what: z.string() })).catch([]),
  problem: problemSchema.nullable().catch(null),
});
export type ReportView = z.infer<typeof reportSchema>;

/** The report of a record; null when it has none that can be read. */
export function reportOf({ evidence }: HistoryRecord): ReportView | null {
  const parsed = reportSchema.safeParse(evidence['report']);
  return parsed.success ? parsed.data : null;
}

/** How it ended, in one sentence. */
export function reportTitle({ kind, outcome }: ReportView): Sentence {
  return sentence(`report.${kind}.${outcome}`);
}

export interface ReportRow {
  readonly label: Sentence;
  readonly value: Sentence;
  readonly tone: 'plain' | 'warn';
}

/** The figures, most wanted first. What could not be read is said to be unknown. */
export function reportRows(report: ReportView): ReportRow[] {
  const { requests, moved, cutCount, resent, elapsedMs, sharesBefore, sharesAfter } = report;
  const row = (
    name: 'took' | 'lost' | 'cut' | 'moved' | 'resent' | 'requests' | 'shares',
    value: Sentence,
    tone: ReportRow['tone'] = 'plain',
  ): ReportRow => ({ label: sentence(`report.row.${name}`), value, tone });
  const count = (value: number | null | undefined): Sentence =>
    value == null ? sentence('value.unknown') : sentence('report.count', { value: grouped(value) });
  const lost = requests?.failed;
  return [
    row('took', sentence('handoff.time.took', { tookFineMs: elapsedMs })),
    row('lost', count(lost), (lost ?? 0) > 0 ? 'warn' : 'plain'),
    row('cut', count(cutCount), cutCount > 0 ? 'warn' : 'plain'),
    row('moved', count(moved)),
    row('resent', count(Math.max(resent, requests?.retried ?? 0))),
    row('requests', count(requests?.total)),
    ...(sharesBefore === null || sharesAfter === null
      ? []
      : [row('shares', sentence('report.shares', { from: sharesBefore.edge, to: sharesAfter.edge }))]),
  ];
}

export function reportReasons({ reasons }: ReportView): Sentence[] {
  return reasons.map(leaveReasonSentence);
}

export interface TimelinePart {
  readonly step: ReportView['steps'][number]['step'];
  readonly tone: 'ok' | 'warn' | 'bad';
  /** 0..100 of the whole. */
  readonly percent: number;
}

/** The steps as parts of one bar, as long as they took; each is at least to be seen. */
export function timeline({ steps }: Pick<ReportView, 'steps'>): TimelinePart[] {
  const took = steps.filter(
    ({ elapsedMs, step }) => elapsedMs !== null && step !== 'OFFLINE' && step !== 'WARNED',
  );
  const least = took.reduce((sum, { elapsedMs }) => sum + (elapsedMs ?? 0), 0) / 50;
  const lengths = took.map(({ elapsedMs }) => Math.max(elapsedMs ?? 0, least));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  if (whole === 0) return [];
  return took.map(({ step, outcome }, index) => ({
    step,
    tone: outcome === 'failed' ? 'bad' : outcome === 'cut' ? 'warn' : 'ok',
    percent: ((lengths[index] ?? 0) / whole) * 100,
  }));
}
