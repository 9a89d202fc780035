import { z } from 'zod';
import { MOST_EXPORTS } from './world/tunnel.ts';

/** What the two engines tell each other of Cilium Cluster Mesh: payloads of TUNNEL frames. A kubeconfig goes as a SECRET frame, never in here. */

const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const id = z.uuid();

/** As Cilium in a cluster is set up (ConfigMap `cilium-config` and what runs of it). */
const meshSchema = z.object({
  clusterName: z.string().max(63),
  clusterId: z.number().int(),
  /** `max-connected-clusters`: both must say the same. */
  most: z.number().int(),
  /** Routing mode and tunnel protocol: both must say the same. */
  datapath: z.string().max(60),
  podCidrs: z.array(z.string().max(43)).max(32),
  agents: z.object({ ready: z.number().int().min(0), total: z.number().int().min(0) }),
  /** clustermesh-apiserver; null: Cluster Mesh is not enabled. */
  apiserver: z.object({ ready: z.number().int().min(0), total: z.number().int().min(0) }).nullable(),
  /** Names of the clusters that it is told to connect to. */
  remotes: z.array(z.string().max(63)).max(64),
  /** A hash that two clusters of one authority share, and that tells nothing of it; null: not to be told. */
  authority: z.string().max(64).nullable(),
});
export type PeerMesh = z.infer<typeof meshSchema>;

const factsSchema = z.object({
  type: z.literal('cilium.facts'),
  /** Of the question. */
  id,
  /** False: its cluster did not answer, and nothing is known of it. */
  known: z.boolean(),
  /** cilium is installed on that Mac: without it nobody asks the agents there. */
  hasTool: z.boolean(),
  /** Null: no Cilium is in its cluster, or it is not known. */
  mesh: meshSchema.nullable(),
  /** `https://HOST:PORT` where its cluster's API takes this Mac's calls; null: it is not on the LAN. */
  apiUrl: z
    .url({ protocol: /^https$/ })
    .max(255)
    .nullable(),
  /** How its agents reach the cluster that was asked about; null: they have not said it lately. */
  reach: z
    .object({
      clusterName: z.string().max(63),
      connected: z.number().int().min(0),
      total: z.number().int().min(0),
    })
    .nullable(),
});
export type PeerFacts = z.infer<typeof factsSchema>;

/** A service that the other Mac exports over the mesh: a Service of that name must stand in both clusters. */
const sharedServiceSchema = z.object({
  namespace: label,
  name: label,
  ports: z
    .array(z.object({ name: label.nullable(), port: z.number().int().min(1).max(65_535) }))
    .min(1)
    .max(16),
});
export type SharedService = z.infer<typeof sharedServiceSchema>;

export const ciliumMessageSchema = z.discriminatedUnion('type', [
  /** `of`: how do your agents reach the cluster of this name? */
  z.object({ type: z.literal('cilium.ask'), id, of: z.string().max(63).nullable() }),
  factsSchema,
  /** The kubeconfig of your cluster, please, as the secret `cilium-kubeconfig/ID`. */
  z.object({ type: z.literal('cilium.accessWanted'), id }),
  /** Why there is none. */
  z.object({ type: z.literal('cilium.noAccess'), id, code: z.string().max(40) }),
  /** All that it exports, whole: what is not in it is exported no more. */
  z.object({ type: z.literal('cilium.exports'), services: z.array(sharedServiceSchema).max(MOST_EXPORTS) }),
  /** The clusters were taken apart from the other Mac: what is exported over the mesh ends. */
  z.object({ type: z.literal('cilium.left') }),
]);
export type CiliumMessage = z.infer<typeof ciliumMessageSchema>;
