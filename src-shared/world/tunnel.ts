import { z } from 'zod';
import { operationSchema } from './clusters.ts';
import { isoTime, measured } from './measured.ts';
import { problemSchema } from './traffic.ts';

/** How pods of one Mac reach services of the other. */
export const tunnelKindSchema = z.enum(['submariner', 'lan', 'cilium']);
export type TunnelKind = z.infer<typeof tunnelKindSchema>;

/** `none`: nothing is exported on either side, or this kind is not managed here. */
export const tunnelStateSchema = z.enum(['connected', 'connecting', 'error', 'none', 'unknown']);
export type TunnelState = z.infer<typeof tunnelStateSchema>;

/**
 * Why this kind; words are `tunnel.why.WHY` in language/. But for `setting`, `joined`, `joining`, `notJoined` and
 * `notMeshed` each names what keeps a tunnel from working, and LAN mode was chosen for it. `notMeshed`: Cilium is in both
 * clusters, and nobody has connected them.
 */
export const tunnelWhySchema = z.enum([
  'setting',
  'noCluster',
  'embedded',
  'minikube',
  'noTool',
  'notJoined',
  'notMeshed',
  'joined',
  'joining',
]);
export type TunnelWhy = z.infer<typeof tunnelWhySchema>;

/** The most services that a Mac exports, and that it believes of the other. */
export const MOST_EXPORTS = 64;

const service = {
  namespace: z.string(),
  name: z.string(),
  /** Of the Service, not of what stands behind it. */
  ports: z.array(z.number().int()),
  problem: problemSchema.nullable(),
  /** Open now, through the relay of this Mac; null: a tunnel's are counted by nobody. */
  connections: z.number().int().min(0).nullable(),
};

/** A service of this Mac that pods of the other may reach. */
export const tunnelExportSchema = z.object({
  ...service,
  /** `unknown`: the cluster does not answer, or the relay does not. */
  state: z.enum(['ready', 'notReady', 'unknown']),
});
export type TunnelExport = z.infer<typeof tunnelExportSchema>;

/** A service of the other Mac, as this Mac's cluster has it. */
export const tunnelImportSchema = z.object({
  ...service,
  /** `silent`: the other Mac's relay does not answer. `blocked`: `problem` says by what. */
  state: z.enum(['ready', 'notReady', 'silent', 'blocked']),
  /** `HOST:PORT` of this Mac's relay, one for each port, as its cluster reaches it; empty until it listens. */
  addresses: z.array(z.string()),
  /** `NAME.NAMESPACE.svc.clusterset.local`, over Cilium `NAME.NAMESPACE.svc`; null where this cluster does not answer it. */
  clusterName: z.string().nullable(),
});
export type TunnelImport = z.infer<typeof tunnelImportSchema>;

/** What is done to the tunnel, in steps. */
export const tunnelVerbSchema = z.enum(['broker', 'join', 'leave']);
export type TunnelVerb = z.infer<typeof tunnelVerbSchema>;

/** As a cluster's operation; the ids of its steps have words under `step.ID` too. */
export const tunnelOperationSchema = operationSchema.omit({ verb: true }).extend({ verb: tunnelVerbSchema });
export type TunnelOperation = z.infer<typeof tunnelOperationSchema>;

/** Submariner's path: this cluster's gateway, the tunnel, the other cluster's gateway; as the own gateway tells it. */
export const submarinerSchema = z.object({
  /** By which the other clusters know this one; null while it has not joined. */
  clusterId: z.string().nullable(),
  /** `https://HOST:PORT` of the broker's API; null while none is known. */
  broker: z.string().nullable(),
  /** Null: no gateway is active. */
  gateway: z
    .object({
      node: z.string(),
      /** Where the other gateway calls; null when it says none. */
      address: z.string().nullable(),
      version: z.string().nullable(),
      /** It said last that it lives: it does each 5 s, and is not believed after 15 s. */
      updatedAt: isoTime.nullable(),
    })
    .nullable(),
  /** Null: no other cluster has joined, or this gateway knows of none. */
  peer: z
    .object({
      clusterId: z.string(),
      node: z.string().nullable(),
      /** The address of it that is used, and whether as one behind NAT. */
      address: z.string().nullable(),
      behindNat: z.boolean().nullable(),
      /** `unknown`: the gateway that says so is silent. */
      state: tunnelStateSchema,
      rttMs: z.number().min(0).nullable(),
      /** In the gateway's own words; null when it says nothing. */
      message: z.string().nullable(),
    })
    .nullable(),
});
export type SubmarinerView = z.infer<typeof submarinerSchema>;

const podsSchema = z.object({ ready: z.number().int().min(0), total: z.number().int().min(0) });

/** Cluster Mesh: Cilium of this cluster, what it shows to others, and how its agents reach the other cluster. */
export const ciliumSchema = z.object({
  /** By which the other clusters know this one; null: Cilium is not in it, or it does not answer. */
  clusterName: z.string().nullable(),
  /** 1..255 (or 511); 0: none was given. */
  clusterId: z.number().int().nullable(),
  /** Of its agents' image; null: it does not say. */
  version: z.string().nullable(),
  agents: podsSchema.nullable(),
  /** Null: Cluster Mesh is not enabled. */
  apiserver: podsSchema.extend({ address: z.string().nullable() }).nullable(),
  /** Null: it is connected to no other cluster. */
  peer: z
    .object({
      clusterName: z.string(),
      /** `unknown`: its agents were not asked, or too long ago. */
      state: tunnelStateSchema,
      /** Agents of this cluster that reach the other one. */
      connected: z.number().int().min(0).nullable(),
      total: z.number().int().min(0).nullable(),
      /** When they were asked last. */
      seenAt: isoTime.nullable(),
    })
    .nullable(),
});
export type CiliumView = z.infer<typeof ciliumSchema>;

/** What connects the two clusters (design/interface.md, `tunnel`). Null until this Mac is paired, and when it is switched off. */
export const tunnelSchema = z.object({
  kind: tunnelKindSchema,
  state: tunnelStateSchema,
  /** Of the state. */
  since: isoTime,
  why: tunnelWhySchema,
  problem: problemSchema.nullable(),
  /** Of LAN mode; null while there is nothing to carry. */
  relay: z
    .object({
      /** `HOST:PORT` where the other Mac calls; null while it listens nowhere. */
      listen: z.string().nullable(),
      /** `HOST:PORT` of the other Mac's relay; null until it said where it is. */
      peer: z.string().nullable(),
      /** The last question that it answered took so long; null when the last got no answer. */
      rttMs: z.number().min(0).nullable(),
      /** When it answered last; null: never since this relay began. */
      answeredAt: isoTime.nullable(),
    })
    .nullable(),
  /** Of Submariner; null in every other kind. */
  submariner: submarinerSchema.nullable(),
  /** Of Cilium Cluster Mesh; null in every other kind. */
  cilium: ciliumSchema.nullable(),
  /** Under way now, whatever the kind; null: nothing is. */
  operation: tunnelOperationSchema.nullable(),
  /**
   * Clusterset names in LAN mode. `off`: they wait for a yes to `tunnel.names`. `taken`: another program answers them here.
   * Null: there is nothing to name.
   */
  names: z.enum(['answered', 'off', 'taken', 'unknown']).nullable(),
  exports: z.array(tunnelExportSchema),
  imports: z.array(tunnelImportSchema),
  ...measured,
});
export type Tunnel = z.infer<typeof tunnelSchema>;
