import type { ApisApi, CustomObjectsApi } from '@kubernetes/client-node';
import type { Answered } from './api-client.ts';

/** Kinds of Submariner's, and of the multi-cluster services: group and version that are read. */
export const kinds = {
  gateways: ['submariner.io', 'v1'],
  endpoints: ['submariner.io', 'v1'],
  clusters: ['submariner.io', 'v1'],
  submariners: ['submariner.io', 'v1alpha1'],
  brokers: ['submariner.io', 'v1alpha1'],
  serviceexports: ['multicluster.x-k8s.io', 'v1alpha1'],
  serviceimports: ['multicluster.x-k8s.io', 'v1alpha1'],
} as const;
export type CrdKind = keyof typeof kinds;

export type Listed =
  | { readonly kind: 'items'; readonly items: readonly unknown[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'otherVersion'; readonly version: string }
  | { readonly kind: 'noAnswer' };

export type Changed = 'done' | 'taken' | 'absent' | 'refused' | 'noAnswer';

export interface ObjectsApi {
  readonly custom: CustomObjectsApi;
  readonly apis: ApisApi;
  ask<T>(request: Promise<T>): Promise<Answered<T>>;
}

export interface CustomObjects {
  list(kind: CrdKind, namespace: string | null): Promise<Listed>;
  remove(kind: CrdKind, namespace: string, name: string): Promise<Changed>;
}

export function objectsOf(api: ObjectsApi): CustomObjects {
  const { custom, ask } = api;
  return {
    async list(kind, namespace) {
      const [group, version] = kinds[kind];
      const place = { group, version, plural: kind };
      const request: Promise<unknown> =
        namespace === null
          ? custom.listClusterCustomObject(place)
          : custom.listNamespacedCustomObject({ ...place, namespace });
      const found = await ask(request);
      if (found.ok) return { kind: 'items', items: itemsOf(found.value).map(withoutSecrets) };
      return found.code === 404 ? servedInstead(api, kind) : { kind: 'noAnswer' };
    },
    async remove(kind, namespace, name) {
      const [group, version] = kinds[kind];
      const request: Promise<unknown> = custom.deleteNamespacedCustomObject({
        group,
        version,
        plural: kind,
        namespace,
        name,
      });
      return changeOf(await ask(request));
    },
  };
}

/** A kind that is not found: is it not there at all, or served in another version? */
async function servedInstead({ apis, custom, ask }: ObjectsApi, kind: CrdKind): Promise<Listed> {
  const [group, own] = kinds[kind];
  const groups = await ask(apis.getAPIVersions());
  if (!groups.ok) return { kind: 'noAnswer' };
  const served = groups.value.groups.find(({ name }) => name === group)?.versions ?? [];
  for (const { version } of served.filter((one) => one.version !== own)) {
    const found = await ask(custom.getAPIResources({ group, version }));
    if (found.ok && found.value.resources.some(({ name }) => name === kind))
      return { kind: 'otherVersion', version };
  }
  return { kind: 'absent' };
}

export function itemsOf(list: unknown): readonly unknown[] {
  const items = typeof list === 'object' && list !== null && 'items' in list ? list.items : [];
  return Array.isArray(items) ? (items as unknown[]) : [];
}

/** Secrets of the broker stand in `Submariner` and `ServiceDiscovery` objects: nothing of them leaves this file. */
const secretKeys = /psk|token|secret|ca$/i;
function withoutSecrets(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || !('spec' in item)) return item;
  const { spec } = item;
  if (typeof spec !== 'object' || spec === null) return item;
  return { ...item, spec: Object.fromEntries(Object.entries(spec).filter(([key]) => !secretKeys.test(key))) };
}

export function changeOf(answer: Answered<unknown>): Changed {
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
