import type { HistoryRecord } from '../../../src-shared/commands/housekeeping.ts';
import { handoffReportSchema, type HandoffReport } from './report.ts';

/** The report that a history record carries; null when it carries none, or one of another version. */
export function reportOf({ kind, evidence }: HistoryRecord): HandoffReport | null {
  if (!kind.startsWith('handoff.')) return null;
  const parsed = handoffReportSchema.safeParse(evidence['report']);
  return parsed.success ? parsed.data : null;
}
