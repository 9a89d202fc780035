import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { problemSchema } from '../../../src-shared/world/traffic.ts';
import { writePrivately } from '../../platform/files.ts';

const host = z.string().min(1).max(255);
const port = z.number().int().min(1).max(65_535);
/** 0: any free one. */
const listenPort = z.number().int().min(0).max(65_535);
export const addressSchema = z.object({ host, port });
export type Address = z.infer<typeof addressSchema>;
const listenSchema = z.object({ host, port: listenPort });

/** A port of a service, by the name under which both Macs know it. */
const service = { namespace: z.string().max(63), name: z.string().max(63), port };
export type ServicePort = { readonly namespace: string; readonly name: string; readonly port: number };

/** What stands behind an exported port on its own Mac. */
export const upstreamSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tcp'), host, port }),
  /** Ready pods, reached through their cluster's API: no port of the cluster need be open on this Mac. */
  z.object({
    kind: z.literal('pods'),
    kubeconfigFile: z.string().min(1),
    namespace: z.string().max(63),
    pods: z.array(z.object({ name: z.string().max(253), port })).max(200),
  }),
]);
export type Upstream = z.infer<typeof upstreamSchema>;

/** What an engine wants of its relay, whole: what is not in it is not served. */
export const relayWishSchema = z.object({
  /** Where the other Mac calls; null: nowhere now. */
  listen: listenSchema.nullable(),
  tls: z.object({
    /** Certificate and key of this Mac in one file. */
    ownPemFile: z.string().min(1),
    peerPin: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** The other Mac's relay; null: it is away, and what was carried to it is reset. */
  peer: addressSchema.nullable(),
  exports: z.array(z.object({ ...service, to: upstreamSchema })),
  imports: z.array(
    z.object({
      ...service,
      listen: listenSchema,
      /** Networks that may connect, as `ADDRESS/BITS` (IPv4): this Mac's cluster, and nobody else. */
      allow: z.array(z.string()).min(1),
    }),
  ),
});
export type RelayWish = z.infer<typeof relayWishSchema>;

/** What a relay says of itself: GET /state. */
export const relayStateSchema = z.object({
  pid: z.number().int(),
  listen: addressSchema.nullable(),
  problem: problemSchema.nullable(),
  look: z.object({
    /** In a row, without an answer; 0 before the first. */
    failures: z.number().int().min(0),
    rttMs: z.number().min(0).nullable(),
    /** Of the last answer, ISO-8601. */
    answeredAt: z.string().nullable(),
  }),
  /** The other Mac's exports, as its relay said last. */
  services: z.array(z.object({ ...service, healthy: z.boolean() })),
  exports: z.array(z.object({ ...service, healthy: z.boolean().nullable(), connections: z.number() })),
  imports: z.array(
    z.object({
      ...service,
      listen: addressSchema.nullable(),
      problem: problemSchema.nullable(),
      connections: z.number(),
    }),
  ),
  /** Connections that showed another key, or asked for what is not exported, since it began. */
  refused: z.number().int().min(0),
});
export type RelayState = z.infer<typeof relayStateSchema>;

/** `run/relay-config.json`; null when there is none, or none that can be read. */
export async function readRelayFile(path: string): Promise<RelayWish | null> {
  try {
    return relayWishSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

export async function writeRelayFile(path: string, wish: RelayWish): Promise<void> {
  await writePrivately(path, JSON.stringify(wish));
}

export const keyOf = ({ namespace, name, port: number }: ServicePort): string =>
  `${namespace}/${name}:${number}`;
