import { z } from 'zod';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import {
  breakClassSchema,
  byeReasonSchema,
  evidenceSchema,
  likelySchema,
  type LinkBreak,
} from '../../src-shared/world/peer.ts';

/** History kinds of the link. A correction is a record of its own (design decision 8). */
export const LINK_DOWN = 'link.down';
export const LINK_UP = 'link.up';
export const LINK_CORRECTED = 'link.corrected';

/** Evidence of a `link.down` record. */
export const downEvidenceSchema = z.object({
  class: breakClassSchema,
  likely: likelySchema.nullable(),
  byeReason: byeReasonSchema.nullable(),
  startedAt: z.string(),
  decidedAfterMs: z.number(),
  items: z.array(evidenceSchema),
});

/** Evidence of `link.corrected`: what the break turned out to be. */
export const correctedEvidenceSchema = z.object({
  class: breakClassSchema,
  likely: likelySchema.nullable(),
  items: z.array(evidenceSchema),
});

/** Evidence of `link.up`: which break it ends. */
export const upEvidenceSchema = z.object({ ends: z.string(), lastedMs: z.number() });

/**
 * The breaks that the history tells of, newest first.
 *
 * @param records newest first; may hold anything
 */
export async function breaksFrom(records: AsyncIterable<HistoryRecord>, limit: number): Promise<LinkBreak[]> {
  const ended = new Map<string, string>();
  const corrected = new Map<string, z.infer<typeof correctedEvidenceSchema>>();
  const found: LinkBreak[] = [];
  let newer: string | null = null;
  for await (const record of records) {
    if (found.length >= limit) break;
    if (record.kind === LINK_UP) noteEnd(record, ended);
    else if (record.kind === LINK_CORRECTED) noteCorrection(record, corrected);
    else if (record.kind === LINK_DOWN) {
      const told = downEvidenceSchema.safeParse(record.evidence);
      // One that nobody saw the end of (a good-bye in the middle, an engine that stopped) lasted to the next at most.
      if (!ended.has(record.id) && newer !== null) ended.set(record.id, newer);
      newer = record.at;
      if (told.success) found.push(breakOf(record.id, told.data, ended, corrected));
    }
  }
  return found;
}

function noteEnd(record: HistoryRecord, ended: Map<string, string>): void {
  const told = upEvidenceSchema.safeParse(record.evidence);
  if (told.success) ended.set(told.data.ends, record.at);
}

function noteCorrection(
  record: HistoryRecord,
  corrected: Map<string, z.infer<typeof correctedEvidenceSchema>>,
): void {
  const told = correctedEvidenceSchema.safeParse(record.evidence);
  // Newest first: a later correction stands.
  if (told.success && record.corrects !== undefined && !corrected.has(record.corrects))
    corrected.set(record.corrects, told.data);
}

function breakOf(
  id: string,
  down: z.infer<typeof downEvidenceSchema>,
  ended: ReadonlyMap<string, string>,
  corrected: ReadonlyMap<string, z.infer<typeof correctedEvidenceSchema>>,
): LinkBreak {
  const final = corrected.get(id);
  return {
    id,
    class: down.class,
    finalClass: final === undefined || final.class === down.class ? null : final.class,
    likely: final === undefined ? down.likely : final.likely,
    byeReason: down.byeReason,
    startedAt: down.startedAt,
    decidedAfterMs: down.decidedAfterMs,
    endedAt: ended.get(id) ?? null,
    evidence: [...(final?.items ?? []), ...down.items].slice(0, 24),
  };
}
