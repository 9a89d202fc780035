import { z } from 'zod';
import { MOST_EXPORTS } from './world/tunnel.ts';

/** What one Mac tells the other about LAN mode: the payload of TUNNEL frames, which the link carries and does not read. */

const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);

/** All that it exports, whole, at each session and each change: what is not in it is exported no more. */
export const exportsMessageSchema = z.object({
  type: z.literal('exports'),
  /** Where its relay listens; null while it does nowhere. */
  relay: z.object({ host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535) }).nullable(),
  services: z
    .array(
      z.object({
        namespace: label,
        name: label.max(56),
        ports: z
          .array(
            z.object({
              /** As the Service calls it; null when it has one port without a name. */
              name: label.nullable(),
              port: z.number().int().min(1).max(65_535),
            }),
          )
          .min(1)
          .max(16),
        /** Its clusterset name is wanted. */
        names: z.boolean(),
      }),
    )
    .max(MOST_EXPORTS),
});
export type ExportsMessage = z.infer<typeof exportsMessageSchema>;
export type ExportedService = ExportsMessage['services'][number];
