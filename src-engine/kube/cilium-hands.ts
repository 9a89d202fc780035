import { createHash } from 'node:crypto';
import type { CustomObjectsApi, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import type { Scheduler } from '../platform/clock.ts';
import { FIELD_MANAGER } from './cordon.ts';
import { openPlainHands, type PlainHands } from './plain-hands.ts';
import { changeOf, itemsOf, type Changed } from './submariner-objects.ts';

export interface CiliumPod {
  readonly name: string;
  readonly ready: boolean;
  /** Tag of its first container's image; null: it has none. */
  readonly tag: string | null;
}
export interface NamedPort {
  readonly name: string | null;
  readonly port: number;
}
export interface GlobalService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly NamedPort[];
  readonly annotations: Readonly<Record<string, string>>;
  /** An address of the cluster's own; null: it has none. */
  readonly address: string | null;
  /** Tandem made it, for a service of the other Mac, and nobody has given it pods since. */
  readonly isOurs: boolean;
  readonly uid: string;
}
export type CiliumRole = 'agents' | 'apiserver';

/** Cilium of a cluster, by the cluster's API. Null: no answer. Nothing that is secret leaves this file. */
export interface CiliumHands {
  /** ConfigMap `cilium-config`. */
  config(): Promise<Readonly<Record<string, string>> | 'absent' | null>;
  pods(role: CiliumRole): Promise<readonly CiliumPod[] | null>;
  /** Networks of the pods of each CiliumNode. */
  podCidrs(): Promise<readonly string[] | null>;
  /** `HOST:PORT` at which the Service `clustermesh-apiserver` is to be reached; null in `address`: it has none yet. */
  meshService(): Promise<{ readonly address: string | null } | 'absent' | null>;
  /** A hash of the certificate of Cilium's authority; `absent`: it has no secret of its own. */
  authority(): Promise<string | null>;
  /** Names of the clusters that its agents are told to connect to. */
  remotes(): Promise<readonly string[] | null>;
  service(namespace: string, name: string): Promise<GlobalService | 'absent' | null>;
  /** Services of ours that stand for the other Mac's. */
  counterparts(): Promise<readonly GlobalService[] | null>;
  annotate(
    namespace: string,
    name: string,
    annotations: Readonly<Record<string, string | null>>,
  ): Promise<Changed>;
  createCounterpart(
    service: Pick<GlobalService, 'namespace' | 'name' | 'ports' | 'annotations'>,
  ): Promise<Changed>;
  /** `taken`: the one with this uid stands there no more. */
  patchCounterpart(
    service: Pick<GlobalService, 'namespace' | 'name' | 'ports' | 'annotations' | 'uid'>,
  ): Promise<Changed>;
  removeCounterpart(service: Pick<GlobalService, 'namespace' | 'name' | 'uid'>): Promise<Changed>;
}

const NAMESPACE = 'kube-system';
const APISERVER = 'clustermesh-apiserver';
const selectors: Readonly<Record<CiliumRole, string>> = {
  agents: 'k8s-app=cilium',
  apiserver: `k8s-app=${APISERVER}`,
};
/** Nobody else uses it. */
const COUNTERPART = 'tandem.local/cilium';
const labels = { 'app.kubernetes.io/managed-by': FIELD_MANAGER, [COUNTERPART]: 'import' };

interface Api extends PlainHands {
  readonly custom: CustomObjectsApi;
}

/** Null when the kubeconfig cannot be read. client-node is loaded when it is needed. */
export async function openCiliumHands(kubeconfig: string, scheduler: Scheduler): Promise<CiliumHands | null> {
  const plain = await openPlainHands(kubeconfig, scheduler);
  if (plain === null) return null;
  const { CustomObjectsApi: Custom } = await import('@kubernetes/client-node');
  const api: Api = { ...plain, custom: plain.client(Custom) };
  return { ...meshOf(api), ...secretsOf(api), ...servicesOf(api) };
}

function meshOf({
  core,
  custom,
  ask,
}: Api): Pick<CiliumHands, 'config' | 'pods' | 'podCidrs' | 'meshService'> {
  return {
    async config() {
      const found = await ask(core.readNamespacedConfigMap({ namespace: NAMESPACE, name: 'cilium-config' }));
      return found.ok ? (found.value.data ?? {}) : found.code === 404 ? 'absent' : null;
    },
    async pods(role) {
      const found = await ask(
        core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: selectors[role] }),
      );
      return found.ok ? found.value.items.map(podOf) : null;
    },
    async podCidrs() {
      const request: Promise<unknown> = custom.listClusterCustomObject({
        group: 'cilium.io',
        version: 'v2',
        plural: 'ciliumnodes',
      });
      const found = await ask(request);
      if (!found.ok) return found.code === 404 ? [] : null;
      return itemsOf(found.value).flatMap(cidrsOf);
    },
    async meshService() {
      const found = await ask(core.readNamespacedService({ namespace: NAMESPACE, name: APISERVER }));
      if (!found.ok) return found.code === 404 ? 'absent' : null;
      const nodes = found.value.spec?.type === 'NodePort' ? await ask(core.listNode()) : null;
      return { address: addressOf(found.value, nodes?.ok === true ? nodes.value.items : []) };
    },
  };
}

function podOf({ metadata, spec, status }: V1Pod): CiliumPod {
  const isReady = status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  const image = spec?.containers[0]?.image ?? '';
  return {
    name: metadata?.name ?? '',
    ready: isReady && metadata?.deletionTimestamp === undefined,
    tag: /:([\w.-]+)(?:@|$)/.exec(image)?.[1] ?? null,
  };
}

/** `spec.ipam.podCIDRs` of a CiliumNode: junk until here. */
function cidrsOf(item: unknown): string[] {
  const spec = fieldOf(item, 'spec');
  const cidrs = fieldOf(fieldOf(spec, 'ipam'), 'podCIDRs');
  return Array.isArray(cidrs) ? cidrs.filter((cidr): cidr is string => typeof cidr === 'string') : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null;
}

/** As `cilium clustermesh connect` finds it: by the kind of the Service. */
function addressOf({ spec, status }: V1Service, nodes: readonly V1Node[]): string | null {
  const [port] = spec?.ports ?? [];
  if (port === undefined) return null;
  const at = (host: string | undefined, number: number | undefined): string | null =>
    host === undefined || number === undefined
      ? null
      : `${host.includes(':') ? `[${host}]` : host}:${number}`;
  switch (spec?.type) {
    case 'LoadBalancer': {
      const [ingress] = status?.loadBalancer?.ingress ?? [];
      return at(ingress?.ip ?? ingress?.hostname, port.port);
    }
    case 'NodePort': {
      const addresses = nodes[0]?.status?.addresses ?? [];
      const of = (type: string) => addresses.find((one) => one.type === type)?.address;
      return at(of('ExternalIP') ?? of('InternalIP'), port.nodePort);
    }
    default:
      return at(spec?.clusterIP, port.port);
  }
}

function secretsOf({ core, ask }: Api): Pick<CiliumHands, 'authority' | 'remotes'> {
  return {
    async authority() {
      const found = await ask(core.readNamespacedSecret({ namespace: NAMESPACE, name: 'cilium-ca' }));
      // cert-manager calls it tls.crt (cilium-cli, getCACert).
      const text = found.ok ? (found.value.data?.['ca.crt'] ?? found.value.data?.['tls.crt']) : undefined;
      if (text === undefined) return null;
      const pem = Buffer.from(text, 'base64').toString('utf8').trim();
      return createHash('sha256').update(pem).digest('hex');
    },
    async remotes() {
      const found = await ask(
        core.readNamespacedSecret({ namespace: NAMESPACE, name: 'cilium-clustermesh' }),
      );
      if (!found.ok) return found.code === 404 ? [] : null;
      // Keys of a cluster's certificates stand beside its configuration, and only that names endpoints.
      return Object.entries(found.value.data ?? {})
        .filter(([, value]) => Buffer.from(value, 'base64').toString('utf8').includes('endpoints:'))
        .map(([name]) => name);
    },
  };
}

function servicesOf({
  core,
  ask,
  asMerge,
}: Api): Omit<CiliumHands, 'config' | 'pods' | 'podCidrs' | 'meshService' | 'authority' | 'remotes'> {
  const by = { fieldManager: FIELD_MANAGER };
  return {
    async service(namespace, name) {
      const found = await ask(core.readNamespacedService({ namespace, name }));
      if (!found.ok) return found.code === 404 ? 'absent' : null;
      return serviceOf(found.value);
    },
    async counterparts() {
      const labelSelector = `${COUNTERPART}=import`;
      const found = await ask(core.listServiceForAllNamespaces({ labelSelector }));
      return found.ok ? found.value.items.map(serviceOf).filter(({ isOurs }) => isOurs) : null;
    },
    async annotate(namespace, name, annotations) {
      const body = { metadata: { annotations } };
      return changeOf(await ask(core.patchNamespacedService({ namespace, name, body, ...by }, asMerge)));
    },
    async createCounterpart({ namespace, name, ports, annotations }) {
      const body = { metadata: { name, namespace, labels, annotations }, spec: { ports: specPorts(ports) } };
      return changeOf(await ask(core.createNamespacedService({ namespace, body, ...by })));
    },
    async patchCounterpart({ namespace, name, ports, annotations, uid }) {
      // With the uid the API refuses where another one stands by now.
      const body = { metadata: { uid, annotations }, spec: { ports: specPorts(ports) } };
      return changeOf(await ask(core.patchNamespacedService({ namespace, name, body, ...by }, asMerge)));
    },
    async removeCounterpart({ namespace, name, uid }) {
      const body = { preconditions: { uid } };
      return changeOf(await ask(core.deleteNamespacedService({ namespace, name, body })));
    },
  };
}

function serviceOf({ metadata, spec }: V1Service): GlobalService {
  const ip = spec?.clusterIP;
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    ports: (spec?.ports ?? [])
      .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
      .map(({ name, port }) => ({ name: name ?? null, port })),
    annotations: metadata?.annotations ?? {},
    address: ip === undefined || ip === '' || ip === 'None' ? null : ip,
    // A person's Service that was applied over ours has our label still, and a selector.
    isOurs: metadata?.labels?.[COUNTERPART] === 'import' && Object.keys(spec?.selector ?? {}).length === 0,
    uid: metadata?.uid ?? '',
  };
}

const specPorts = (ports: readonly NamedPort[]) =>
  ports.map(({ name, port }) => ({ ...(name === null ? {} : { name }), port, protocol: 'TCP' }));
