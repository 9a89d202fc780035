import { z } from 'zod';
import { MOST_EXPORTS } from './world/tunnel.ts';

/** What one Mac tells the other about the tunnel between their clusters: the payload of TUNNEL frames, which the link carries and does not read. */

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

const cidr = z.string().max(43);
const id = z.uuid();
const clusterId = label;

/** What each Mac must know of the other's cluster before a tunnel can join them. */
const factsSchema = z.object({
  type: z.literal('submariner.facts'),
  /** Of the question. */
  id,
  /** Wall clock, milliseconds since 1970: for its skew alone. */
  wallMs: z.number(),
  /** As it joined, or would; null: it has no cluster for it. */
  clusterId: clusterId.nullable(),
  joined: z.boolean(),
  podCidrs: z.array(cidr).max(8),
  serviceCidrs: z.array(cidr).max(8),
  /** Of the network that its nodes are on. */
  nodeCidrs: z.array(cidr).max(8),
  /** Only the core has one. `print`: a hash that two files of one broker share, and that tells nothing of it. */
  broker: z.object({ url: z.string().max(255), print: z.string().max(64) }).nullable(),
  /** IDs that the broker knows. */
  registered: z.array(clusterId).max(32),
});
export type PeerFacts = z.infer<typeof factsSchema>;

/** How the two engines speak of Submariner. The broker file itself goes as a SECRET frame, never in here. */
export const submarinerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('submariner.ask'), id }),
  factsSchema,
  /** From the edge: the file, please, as the secret `submariner-broker/ID`. */
  z.object({ type: z.literal('submariner.brokerWanted'), id }),
  /** From the core: why there is none. */
  z.object({ type: z.literal('submariner.noBroker'), id, code: z.string().max(40) }),
  /** From the edge: it has left; the broker may forget it. Said again until it is answered. */
  z.object({ type: z.literal('submariner.left'), clusterId }),
  z.object({ type: z.literal('submariner.forgotten'), clusterId }),
]);
export type SubmarinerMessage = z.infer<typeof submarinerMessageSchema>;
