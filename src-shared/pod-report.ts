import { z } from 'zod';
import { isoTime } from './world/measured.ts';

/** What a container that is in trouble says. Words of the API and of the program as they have them. */
export const podContainerSchema = z.object({
  name: z.string(),
  /** Such as `CrashLoopBackOff`; null: it runs, and is not ready. */
  why: z.string().nullable(),
  message: z.string().nullable(),
  /** Of its last run that ended. */
  exitCode: z.number().int().nullable(),
  restarts: z.number().int().min(0),
  /** Its last lines, 200 at most and 64 KiB; null: it has none, or they could not be had (`problem`). */
  log: z.string().nullable(),
  /** They are of the run before this one, which ended badly. */
  previous: z.boolean(),
  /** Why there is no log: an id of language/ (`why.ID`), or the API's own words. */
  problem: z.string().nullable(),
});
export type PodContainer = z.infer<typeof podContainerSchema>;

/** What a pod of the cluster's own system says of its trouble. */
export const podReportSchema = z.object({
  /** `NAMESPACE/NAME`. */
  pod: z.string(),
  node: z.string().nullable(),
  /** Those in trouble, three at most, in the order in which they run. */
  containers: z.array(podContainerSchema),
  /** The newest twenty, newest first; null: the API does not tell them. */
  events: z
    .array(
      z.object({
        at: isoTime.nullable(),
        type: z.enum(['Normal', 'Warning']),
        reason: z.string(),
        message: z.string(),
        count: z.number().int().min(0),
      }),
    )
    .nullable(),
});
export type PodReport = z.infer<typeof podReportSchema>;
