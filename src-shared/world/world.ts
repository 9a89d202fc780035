import { z } from 'zod';
import { clusterSchema, providerStatusSchema } from './clusters.ts';
import { handoffSchema } from './handoff.ts';
import { isoTime } from './measured.ts';
import { noticeSchema } from './notices.ts';
import { ownLinkSchema, peerSchema } from './peer.ts';
import { roleSchema } from './role.ts';
import { runtimeSchema } from './runtime.ts';
import { trafficSchema } from './traffic.ts';
import { tunnelSchema } from './tunnel.ts';
import { hostFactsSchema, vitalsSchema } from './vitals.ts';
import { wakeSchema } from './wake.ts';

/**
 * The one picture that every screen shows. Field names and units are public (design/interface.md).
 * `traffic`, `handoff` and `tunnel` are null on a single Mac.
 */
export const worldSchema = z.object({
  version: z.string(),
  role: roleSchema,
  at: isoTime,
  /** Divisor of dwell times (TANDEM_TIME_SCALE); 1 in real use. */
  timeScale: z.number().min(1),
  revision: z.number().int().min(0),
  engine: z.object({ pid: z.number().int(), startedAt: isoTime, home: z.string() }),
  host: z.object({ name: z.string(), facts: hostFactsSchema, vitals: vitalsSchema }),
  clusters: z.array(clusterSchema),
  providers: z.array(providerStatusSchema),
  /** What the clusters run in; null until it was looked for. */
  runtime: runtimeSchema.nullable(),
  /** The cluster that Start and Stop mean when no name is given. */
  primaryCluster: z.string(),
  notices: z.array(noticeSchema),
  /** This Mac's own end of the link. */
  link: ownLinkSchema,
  /** The other Mac; null until pairing. */
  peer: peerSchema.nullable(),
  /** On the edge both are the core's last word, with its age. */
  traffic: trafficSchema.nullable(),
  handoff: handoffSchema.nullable(),
  tunnel: tunnelSchema.nullable(),
  wake: wakeSchema.nullable(),
  automation: z.object({ enabled: z.boolean(), pausedUntil: isoTime.nullable() }),
});
export type World = z.infer<typeof worldSchema>;
