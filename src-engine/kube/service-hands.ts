import type { DiscoveryV1Api, V1EndpointSlice, V1ObjectMeta, V1Service } from '@kubernetes/client-node';
import type { Scheduler } from '../platform/clock.ts';
import type { Answered } from './api-client.ts';
import { FIELD_MANAGER } from './cordon.ts';
import { openPlainHands, type PlainHands } from './plain-hands.ts';

/** A port as a Service or a slice has it; a single one may have no name. */
export interface NamedPort {
  readonly name: string | null;
  readonly port: number;
}

/** A Service of ours without a selector, and the slice that says where it leads. */
export interface OwnService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly NamedPort[];
}
export interface OwnSlice extends OwnService {
  /** IPv4. */
  readonly address: string;
  readonly ready: boolean;
}
/** As the API has it. */
export type Found<T> = T & { readonly uid: string; readonly resourceVersion: string };

/** What the API made of a change. `taken`: somebody else's object has that name, or changed it meanwhile. */
export type Changed = 'done' | 'taken' | 'absent' | 'refused' | 'noAnswer';

/** Services of a cluster through its API: reads any, changes those with our label alone. Null: no answer. */
export interface ServiceHands {
  /** TCP ports of a Service; `absent` when there is none. */
  tcpPorts(namespace: string, name: string): Promise<readonly NamedPort[] | 'absent' | null>;
  /** Ready pods behind each port of a Service, by the port's name. */
  readyPods(namespace: string, name: string): Promise<ReadonlyMap<string, readonly PodPort[]> | null>;
  services(): Promise<readonly Found<OwnService>[] | null>;
  slices(): Promise<readonly Found<OwnSlice>[] | null>;
  /** The address under which the cluster has it; null when it has none. */
  writeService(wanted: OwnService, over: Found<OwnService> | null): Promise<Changed>;
  writeSlice(wanted: OwnSlice, over: Found<OwnSlice> | null): Promise<Changed>;
  removeService(found: Found<OwnService>): Promise<Changed>;
  removeSlice(found: Found<OwnSlice>): Promise<Changed>;
  corefile(): Promise<{ readonly text: string; readonly resourceVersion: string } | null>;
  writeCorefile(text: string, resourceVersion: string): Promise<Changed>;
}

export interface PodPort {
  readonly name: string;
  readonly port: number;
}

const MANAGED_BY = 'app.kubernetes.io/managed-by';
/** Whose Services are asked for: each looks after its own. Nobody else uses these labels. */
const OWNERS = { lan: 'tandem.local/lan=import', front: 'tandem.local/front=backend' } as const;
export type Owner = keyof typeof OWNERS;
const SERVICE_NAME = 'kubernetes.io/service-name';
const DNS = { name: 'coredns', namespace: 'kube-system' };

interface Api extends PlainHands {
  readonly discovery: DiscoveryV1Api;
  /** What is ours, and nothing else. */
  readonly labelSelector: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Null when the kubeconfig cannot be read. client-node is loaded when it is needed. */
export async function openServiceHands(
  kubeconfig: string,
  scheduler: Scheduler,
  owner: Owner = 'lan',
): Promise<ServiceHands | null> {
  const labelSelector = OWNERS[owner];
  const [own = '', value = ''] = labelSelector.split('=');
  const plain = await openPlainHands(kubeconfig, scheduler);
  if (plain === null) return null;
  const { DiscoveryV1Api: Discovery } = await import('@kubernetes/client-node');
  const labels = { [MANAGED_BY]: FIELD_MANAGER, [own]: value };
  const api: Api = { ...plain, discovery: plain.client(Discovery), labelSelector, labels };
  return { ...readingOf(api), ...writingOf(api), ...dnsOf(api) };
}

function readingOf({
  core,
  discovery,
  ask,
  labelSelector,
}: Api): Pick<ServiceHands, 'tcpPorts' | 'readyPods' | 'services' | 'slices'> {
  return {
    async tcpPorts(namespace, name) {
      const found = await ask(core.readNamespacedService({ namespace, name }));
      if (!found.ok) return found.code === 404 ? 'absent' : null;
      return portsOf(found.value);
    },
    async readyPods(namespace, name) {
      const labelSelectorOf = `${SERVICE_NAME}=${name}`;
      const found = await ask(
        discovery.listNamespacedEndpointSlice({ namespace, labelSelector: labelSelectorOf }),
      );
      return found.ok ? podsBehind(found.value.items) : null;
    },
    async services() {
      const found = await ask(core.listServiceForAllNamespaces({ labelSelector }));
      return found.ok
        ? found.value.items.map((service) => ({ ...placeOf(service.metadata), ports: portsOf(service) }))
        : null;
    },
    async slices() {
      const found = await ask(discovery.listEndpointSliceForAllNamespaces({ labelSelector }));
      return found.ok ? found.value.items.map(sliceOf) : null;
    },
  };
}

function writingOf({
  core,
  discovery,
  ask,
  asMerge,
  labels,
}: Api): Pick<ServiceHands, 'writeService' | 'writeSlice' | 'removeService' | 'removeSlice'> {
  const by = { fieldManager: FIELD_MANAGER };
  const exactly = ({ uid }: Found<OwnService>) => ({ body: { preconditions: { uid } } });
  return {
    async writeService({ namespace, name, ports }, over) {
      const spec = { ports: ports.map(servicePort) };
      if (over === null) {
        const body = { metadata: { name, namespace, labels }, spec };
        return changeOf(await ask(core.createNamespacedService({ namespace, body, ...by })));
      }
      const body = { metadata: { resourceVersion: over.resourceVersion }, spec };
      return changeOf(await ask(core.patchNamespacedService({ namespace, name, body, ...by }, asMerge)));
    },
    async writeSlice(wanted, over) {
      const { namespace, name } = wanted;
      const body = sliceBody(wanted, labels, over?.resourceVersion);
      const request =
        over === null
          ? discovery.createNamespacedEndpointSlice({ namespace, body, ...by })
          : discovery.replaceNamespacedEndpointSlice({ namespace, name, body, ...by });
      return changeOf(await ask(request));
    },
    async removeService(found) {
      const { namespace, name } = found;
      return changeOf(await ask(core.deleteNamespacedService({ namespace, name, ...exactly(found) })));
    },
    async removeSlice(found) {
      const { namespace, name } = found;
      return changeOf(
        await ask(discovery.deleteNamespacedEndpointSlice({ namespace, name, ...exactly(found) })),
      );
    },
  };
}

function dnsOf({ core, ask, asMerge }: Api): Pick<ServiceHands, 'corefile' | 'writeCorefile'> {
  return {
    async corefile() {
      const found = await ask(core.readNamespacedConfigMap(DNS));
      const text = found.ok ? found.value.data?.['Corefile'] : undefined;
      const resourceVersion = found.ok ? found.value.metadata?.resourceVersion : undefined;
      return text === undefined || resourceVersion === undefined ? null : { text, resourceVersion };
    },
    async writeCorefile(text, resourceVersion) {
      const body = { metadata: { resourceVersion }, data: { Corefile: text } };
      const request = core.patchNamespacedConfigMap({ ...DNS, body, fieldManager: FIELD_MANAGER }, asMerge);
      return changeOf(await ask(request));
    },
  };
}

function changeOf(answer: Answered<unknown>): Changed {
  if (answer.ok) return 'done';
  switch (answer.code) {
    case 0:
      return 'noAnswer';
    case 404:
      return 'absent';
    case 409:
      return 'taken';
    default:
      return 'refused';
  }
}

const placeOf = (metadata: V1ObjectMeta | undefined) => ({
  namespace: metadata?.namespace ?? '',
  name: metadata?.name ?? '',
  uid: metadata?.uid ?? '',
  resourceVersion: metadata?.resourceVersion ?? '',
});

function portsOf({ spec }: V1Service): NamedPort[] {
  return (spec?.ports ?? [])
    .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
    .map(({ name, port }) => ({ name: name ?? null, port }));
}

const named = (name: string | null) => (name === null ? {} : { name });

const servicePort = ({ name, port }: NamedPort) => ({ ...named(name), port, protocol: 'TCP' });

/** `ready` is always said: what is left out counts as not ready with some gateways (research/measured.md). */
function sliceBody(
  { namespace, name, ports, address, ready }: OwnSlice,
  labels: Api['labels'],
  resourceVersion?: string,
): V1EndpointSlice {
  return {
    metadata: {
      name,
      namespace,
      labels: { ...labels, [SERVICE_NAME]: name, 'endpointslice.kubernetes.io/managed-by': FIELD_MANAGER },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready } }],
    ports: ports.map(({ name: portName, port }) => ({ name: portName ?? '', port, protocol: 'TCP' })),
  };
}

function sliceOf({ metadata, endpoints, ports }: V1EndpointSlice): Found<OwnSlice> {
  const [endpoint] = endpoints ?? [];
  return {
    ...placeOf(metadata),
    ports: (ports ?? []).map(({ name, port }) => ({
      name: name === undefined || name === '' ? null : name,
      port: port ?? 0,
    })),
    address: endpoint?.addresses[0] ?? '',
    ready: endpoint?.conditions?.ready === true,
  };
}

function podsBehind(slices: readonly V1EndpointSlice[]): Map<string, PodPort[]> {
  const found = new Map<string, PodPort[]>();
  for (const { endpoints, ports } of slices)
    for (const { name: portName, port } of ports ?? [])
      for (const { conditions, targetRef } of endpoints ?? []) {
        const isReady = conditions?.ready !== false && targetRef?.kind === 'Pod';
        if (!isReady || targetRef.name === undefined || port === undefined) continue;
        const key = portName ?? '';
        found.set(key, [...(found.get(key) ?? []), { name: targetRef.name, port }]);
      }
  return found;
}
