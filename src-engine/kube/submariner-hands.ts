import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { Scheduler } from '../platform/clock.ts';
import { FIELD_MANAGER } from './cordon.ts';
import { openPlainHands, type PlainHands } from './plain-hands.ts';
import {
  changeOf,
  itemsOf,
  kinds,
  objectsOf,
  type Changed,
  type CustomObjects,
  type ObjectsApi,
} from './submariner-objects.ts';

export interface NodeLook {
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
export interface NodeMarks {
  readonly node: string;
  readonly labels: Readonly<Record<string, string | null>>;
  readonly annotations: Readonly<Record<string, string | null>>;
}
export interface NamedPlace {
  readonly namespace: string;
  readonly name: string;
}

/** A cluster's API as far as Submariner needs it. Null: no answer. */
export interface SubmarinerHands extends CustomObjects {
  exportService(namespace: string, name: string): Promise<Changed>;
  ownExports(): Promise<readonly NamedPlace[] | null>;
  tcpPorts(
    namespace: string,
    name: string,
  ): Promise<readonly { readonly name: string | null; readonly port: number }[] | 'absent' | null>;
  nodes(): Promise<readonly NodeLook[] | null>;
  mark(marks: NodeMarks): Promise<Changed>;
  networks(): Promise<{ readonly pods: readonly string[]; readonly services: readonly string[] } | null>;
  proxyMode(): Promise<string | null>;
  waitingPods(): Promise<readonly { readonly name: string; readonly why: string }[] | null>;
  removeNamespace(name: string): Promise<Changed>;
  hasNamespace(name: string): Promise<boolean | null>;
}

const MANAGED_BY = 'app.kubernetes.io/managed-by';
const OPERATOR_NAMESPACE = 'submariner-operator';
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

type Api = ObjectsApi & PlainHands;

/** Null when the kubeconfig cannot be read. client-node is loaded when it is needed. */
export async function openSubmarinerHands(
  kubeconfig: string,
  scheduler: Scheduler,
): Promise<SubmarinerHands | null> {
  const plain = await openPlainHands(kubeconfig, scheduler);
  if (plain === null) return null;
  const { ApisApi: Apis, CustomObjectsApi: Custom } = await import('@kubernetes/client-node');
  const api: Api = { ...plain, custom: plain.client(Custom), apis: plain.client(Apis) };
  return { ...objectsOf(api), ...exportsOf(api), ...nodesOf(api), ...clusterOf(api) };
}

function exportsOf({
  core,
  custom,
  ask,
}: Api): Pick<SubmarinerHands, 'exportService' | 'ownExports' | 'tcpPorts'> {
  const [group, version] = kinds.serviceexports;
  const plural = 'serviceexports';
  return {
    async exportService(namespace, name) {
      const labels = { [MANAGED_BY]: FIELD_MANAGER };
      const body = {
        apiVersion: `${group}/${version}`,
        kind: 'ServiceExport',
        metadata: { name, namespace, labels },
      };
      const request: Promise<unknown> = custom.createNamespacedCustomObject({
        group,
        version,
        plural,
        namespace,
        body,
        fieldManager: FIELD_MANAGER,
      });
      return changeOf(await ask(request));
    },
    async ownExports() {
      const labelSelector = `${MANAGED_BY}=${FIELD_MANAGER}`;
      const request: Promise<unknown> = custom.listClusterCustomObject({
        group,
        version,
        plural,
        labelSelector,
      });
      const found = await ask(request);
      if (!found.ok) return found.code === 404 ? [] : null;
      return itemsOf(found.value).flatMap(placeIn);
    },
    async tcpPorts(namespace, name) {
      const found = await ask(core.readNamespacedService({ namespace, name }));
      if (!found.ok) return found.code === 404 ? 'absent' : null;
      return (found.value.spec?.ports ?? [])
        .filter(({ protocol }) => protocol === undefined || protocol === 'TCP')
        .map((port) => ({ name: port.name ?? null, port: port.port }));
    },
  };
}

function placeIn(item: unknown): NamedPlace[] {
  const metadata = typeof item === 'object' && item !== null && 'metadata' in item ? item.metadata : null;
  if (typeof metadata !== 'object' || metadata === null) return [];
  const { namespace, name } = metadata as { namespace?: unknown; name?: unknown };
  return typeof namespace === 'string' && typeof name === 'string' ? [{ namespace, name }] : [];
}

function nodesOf({ core, ask, asMerge }: Api): Pick<SubmarinerHands, 'nodes' | 'mark'> {
  return {
    async nodes() {
      const found = await ask(core.listNode());
      return found.ok ? found.value.items.map(nodeLook) : null;
    },
    async mark({ node, labels, annotations }) {
      const body = { metadata: { labels, annotations } };
      return changeOf(await ask(core.patchNode({ name: node, body, fieldManager: FIELD_MANAGER }, asMerge)));
    },
  };
}

const nodeLook = ({ metadata }: V1Node): NodeLook => ({
  name: metadata?.name ?? '',
  isControlPlane: metadata?.labels?.[CONTROL_PLANE] !== undefined,
  labels: metadata?.labels ?? {},
  annotations: metadata?.annotations ?? {},
});

function clusterOf({
  core,
  ask,
}: Api): Pick<
  SubmarinerHands,
  'networks' | 'proxyMode' | 'waitingPods' | 'removeNamespace' | 'hasNamespace'
> {
  return {
    async networks() {
      const found = await ask(
        core.listNamespacedPod({ namespace: 'kube-system', labelSelector: 'tier=control-plane' }),
      );
      if (!found.ok) return null;
      const words = found.value.items.flatMap(commandOf);
      return {
        pods: valuesOf(words, '--cluster-cidr='),
        services: valuesOf(words, '--service-cluster-ip-range='),
      };
    },
    async proxyMode() {
      const found = await ask(core.readNamespacedConfigMap({ namespace: 'kube-system', name: 'kube-proxy' }));
      const config = found.ok ? found.value.data?.['config.conf'] : undefined;
      return config === undefined ? null : (/^mode:\s*"?([a-z]*)"?\s*$/m.exec(config)?.[1] ?? '');
    },
    async waitingPods() {
      const found = await ask(core.listNamespacedPod({ namespace: OPERATOR_NAMESPACE }));
      return found.ok ? found.value.items.flatMap(waitingOf) : null;
    },
    removeNamespace: async (name) => changeOf(await ask(core.deleteNamespace({ name }))),
    async hasNamespace(name) {
      const found = await ask(core.readNamespace({ name }));
      // One that is going takes nothing any more, and is gone soon.
      if (found.ok) return found.value.status?.phase !== 'Terminating';
      return found.code === 404 ? false : null;
    },
  };
}

const commandOf = ({ spec }: V1Pod): string[] =>
  (spec?.containers ?? []).flatMap(({ command, args }) => [...(command ?? []), ...(args ?? [])]);

function valuesOf(words: readonly string[], flag: string): string[] {
  const found = words
    .filter((word) => word.startsWith(flag))
    .flatMap((word) => word.slice(flag.length).split(','));
  return [...new Set(found)];
}

function waitingOf({ metadata, status }: V1Pod): { name: string; why: string }[] {
  const isReady = status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  if (isReady) return [];
  const waiting = (status?.containerStatuses ?? []).find(({ state }) => state?.waiting !== undefined)?.state
    ?.waiting;
  const why = [waiting?.reason, waiting?.message]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  return [{ name: metadata?.name ?? '', why: (why === '' ? (status?.phase ?? '') : why).slice(0, 300) }];
}
