import { z } from 'zod';

/**
 * Submariner's objects as far as they are read: `gateways`, `endpoints`, `clusters` of submariner.io/v1. Tolerant of what
 * other versions add or rename (0.21 wrote lists of addresses beside the single ones): unknown is null.
 */

/** `connecting`, `error`, `none`: as its cable driver says. */
export const connectionStates = ['connected', 'connecting', 'error', 'none'] as const;

export interface EndpointSpec {
  readonly clusterId: string;
  readonly node: string | null;
  readonly publicIp: string | null;
  readonly privateIp: string | null;
  readonly subnets: readonly string[];
}

export interface Connection {
  readonly endpoint: EndpointSpec;
  /** Null: a word that is not known. */
  readonly state: (typeof connectionStates)[number] | null;
  readonly message: string | null;
  readonly usingIp: string | null;
  readonly usingNat: boolean | null;
  /** Of the last ping, milliseconds. */
  readonly rttMs: number | null;
}

export interface Gateway {
  /** Of its node. */
  readonly name: string;
  readonly isActive: boolean;
  readonly version: string | null;
  /** Why it cannot work, in its own words. */
  readonly failure: string | null;
  /** Seconds since 1970, by the clock of its node; refreshed every 5 s. */
  readonly updatedSeconds: number | null;
  readonly local: EndpointSpec | null;
  readonly connections: readonly Connection[];
}

const word = z.string().catch('');
const named = z.object({ metadata: z.object({ name: z.string() }) });

const endpointSchema = z
  .object({
    cluster_id: z.string().min(1),
    hostname: word,
    public_ip: word,
    publicIPs: z.array(z.string()).catch([]),
    private_ip: word,
    privateIPs: z.array(z.string()).catch([]),
    subnets: z.array(z.string()).catch([]),
  })
  .transform((spec): EndpointSpec => ({
    clusterId: spec.cluster_id,
    node: orNull(spec.hostname),
    publicIp: orNull(spec.public_ip) ?? spec.publicIPs[0] ?? null,
    privateIp: orNull(spec.private_ip) ?? spec.privateIPs[0] ?? null,
    subnets: spec.subnets,
  }));

const connectionSchema = z
  .object({
    endpoint: endpointSchema,
    status: word,
    statusMessage: word,
    usingIP: word,
    usingNAT: z.boolean().nullable().catch(null),
    latencyRTT: z.object({ last: word }).nullish().catch(null),
  })
  .transform((connection): Connection => ({
    endpoint: connection.endpoint,
    state: connectionStates.find((state) => state === connection.status) ?? null,
    message: orNull(connection.statusMessage),
    usingIp: orNull(connection.usingIP),
    usingNat: connection.usingNAT,
    rttMs: goDurationMs(connection.latencyRTT?.last ?? ''),
  }));

const gatewaySchema = z
  .object({
    metadata: z.object({
      name: z.string(),
      annotations: z.record(z.string(), z.string()).nullish().catch(null),
    }),
    status: z.object({
      haStatus: word,
      version: word,
      statusFailure: word,
      localEndpoint: endpointSchema.nullish().catch(null),
      connections: z.array(z.unknown()).nullish().catch(null),
    }),
  })
  .transform(({ metadata, status }): Gateway => ({
    name: metadata.name,
    isActive: status.haStatus === 'active',
    version: orNull(status.version),
    failure: orNull(status.statusFailure),
    updatedSeconds: secondsOf(metadata.annotations?.['update-timestamp']),
    local: status.localEndpoint ?? null,
    connections: each(connectionSchema, status.connections ?? []),
  }));

const endpointObject = named.extend({ spec: endpointSchema });
const clusterObject = named.extend({ spec: z.object({ cluster_id: z.string().min(1) }) });
const submarinerObject = z.object({
  spec: z
    .object({ brokerK8sApiServer: word, clusterID: word })
    .catch({ brokerK8sApiServer: '', clusterID: '' }),
  status: z.object({ clusterID: word }).nullish().catch(null),
});
const conditionsObject = named.extend({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  status: z
    .object({
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), reason: word, message: word }))
        .catch([]),
    })
    .nullish()
    .catch(null),
});
const importObject = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).nullish().catch(null),
    annotations: z.record(z.string(), z.string()).nullish().catch(null),
  }),
  spec: z
    .object({
      ips: z.array(z.string()).nullish().catch(null),
      ports: z
        .array(z.object({ port: z.number().int() }))
        .nullish()
        .catch(null),
    })
    .catch({ ips: null, ports: null }),
  status: z
    .object({ clusters: z.array(z.object({ cluster: z.string() })).catch([]) })
    .nullish()
    .catch(null),
});

/** What cannot be read is passed over: one strange object hides no other. */
function each<T>(schema: z.ZodType<T>, junk: readonly unknown[]): T[] {
  return junk.flatMap((one) => {
    const read = schema.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

export const gatewaysOf = (junk: readonly unknown[]): Gateway[] => each(gatewaySchema, junk);

/** Entries of the broker: the name of each, and the cluster that it belongs to. */
export const endpointsOf = (junk: readonly unknown[]): { name: string; clusterId: string }[] =>
  each(endpointObject, junk).map(({ metadata, spec }) => ({
    name: metadata.name,
    clusterId: spec.clusterId,
  }));

export const clustersOf = (junk: readonly unknown[]): { name: string; clusterId: string }[] =>
  each(clusterObject, junk).map(({ metadata, spec }) => ({
    name: metadata.name,
    clusterId: spec.cluster_id,
  }));

/** The one object by which a cluster is joined. */
export interface Installed {
  readonly clusterId: string | null;
  /** `HOST:PORT` or a URL: as it was written there. */
  readonly broker: string | null;
}
export const installedOf = (junk: readonly unknown[]): Installed | null => {
  const [first] = each(submarinerObject, junk);
  if (first === undefined) return null;
  const { spec, status } = first;
  return {
    clusterId: orNull(spec.clusterID) ?? orNull(status?.clusterID ?? ''),
    broker: orNull(spec.brokerK8sApiServer),
  };
};

export interface ExportObject {
  readonly namespace: string;
  readonly name: string;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
}
export const exportsOf = (junk: readonly unknown[]): ExportObject[] =>
  each(conditionsObject, junk).map(({ metadata, status }) => ({
    ...metadata,
    conditions: status?.conditions ?? [],
  }));

export interface ImportObject {
  readonly namespace: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly ports: readonly number[];
  /** IDs of the clusters that serve it. */
  readonly clusters: readonly string[];
}
export const importsOf = (junk: readonly unknown[]): ImportObject[] =>
  each(importObject, junk).map(({ metadata, spec, status }) => ({
    namespace: metadata.annotations?.['origin-namespace'] ?? metadata.namespace,
    name: metadata.annotations?.['origin-name'] ?? metadata.name,
    ips: spec.ips ?? [],
    ports: (spec.ports ?? []).map(({ port }) => port),
    clusters: (status?.clusters ?? []).map(({ cluster }) => cluster),
  }));

const orNull = (text: string): string | null => (text === '' ? null : text);

function secondsOf(text: string | undefined): number | null {
  const seconds = Number(text ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

const unitMs = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  μs: 0.001,
  ns: 0.000_001,
} as const;

/** `1.16ms`, `447µs`, `1m2.5s`: durations as Go writes them. */
export function goDurationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|μs|ns)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return null;
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * unitMs[unit as keyof typeof unitMs], 0);
}
