import { z } from 'zod';

/** What every measured group of the World carries: who read it, and when. */
export const measured = {
  /** The tool, file or API that the values came from. */
  source: z.string(),
  /** Wall time of the reading, ISO-8601. */
  sampledAt: z.iso.datetime(),
  /** Present, and true, only when older than three sampling periods. */
  stale: z.literal(true).optional(),
};

/** ISO-8601 wall time, for people; durations never come from it. */
export const isoTime = z.iso.datetime();

/** 0..100. */
export const percent = z.number().min(0).max(100);

/** Whole bytes, 0 or more. */
export const bytes = z.number().min(0);
