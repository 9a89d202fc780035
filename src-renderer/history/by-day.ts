import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';

export interface Day {
  /** Local date, `2026-03-02`. */
  readonly day: string;
  readonly records: readonly HistoryRecord[];
}

/** Records under the day on which they happened, in the order they came in. */
export function byDay(records: readonly HistoryRecord[]): Day[] {
  const days = new Map<string, HistoryRecord[]>();
  for (const record of records) {
    const day = dayOf(record.at);
    days.set(day, [...(days.get(day) ?? []), record]);
  }
  return [...days].map(([day, records]) => ({ day, records }));
}

/** The local date of a wall time. */
export function dayOf(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The local time of day, `18:04`. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
