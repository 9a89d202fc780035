import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';

/** The wall clock may jump back and forth: so many older records in a row mean that the rest is older too. */
const OLDER_IN_A_ROW = 200;

/**
 * Up to `limit` records that are not older than `oldestMs` (wall time), newest first as they come; reads only a
 * bounded way on when it meets older ones.
 */
export async function newestSince(
  records: AsyncIterable<HistoryRecord>,
  oldestMs: number,
  limit: number,
): Promise<HistoryRecord[]> {
  const found: HistoryRecord[] = [];
  let older = 0;
  for await (const record of records) {
    if (found.length >= limit || older >= OLDER_IN_A_ROW) break;
    if (Date.parse(record.at) < oldestMs) {
      older += 1;
      continue;
    }
    older = 0;
    found.push(record);
  }
  return found;
}
