import type { ApiConstructor, ApisApi, ApiType, CustomObjectsApi } from '@kubernetes/client-node';
import type { z } from 'zod';
import { pause, type Scheduler } from '../../platform/clock.ts';
import { gatewayClassSchema, gatewaySchema, routeSchema, type Route } from './gateway-objects.ts';
import type { Answer, GatewayHands, ObjectPlace } from './gateway-ports.ts';
import { FIELD_MANAGER } from './managers.ts';

/** Of one request: a paused node accepts a connection and says nothing. */
const LIMIT_MS = 3000;
const GROUP = 'gateway.networking.k8s.io';
const KIND = { group: GROUP, version: 'v1' };

interface Api {
  readonly apis: ApisApi;
  readonly objects: CustomObjectsApi;
  readonly asJsonPatch: Parameters<CustomObjectsApi['patchNamespacedCustomObject']>[1];
  ask<T>(request: Promise<T>): Promise<Answer<T>>;
}

/**
 * client-node is loaded when it is needed.
 *
 * @param client makes a client of one API of the cluster; what it makes lets go of a request that is not answered
 */
export async function openGatewayHands(
  client: <T extends ApiType>(api: ApiConstructor<T>) => T,
  scheduler: Scheduler,
): Promise<GatewayHands> {
  const {
    ApisApi: Apis,
    CustomObjectsApi: Objects,
    PatchStrategy,
    setHeaderOptions,
  } = await import('@kubernetes/client-node');
  const api: Api = {
    apis: client(Apis),
    objects: client(Objects),
    asJsonPatch: setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    ask: (request) => asked(request, scheduler),
  };
  return { ...lookingOf(api), ...routesOf(api) };
}

function lookingOf({
  apis,
  objects,
  ask,
}: Api): Pick<GatewayHands, 'versions' | 'kinds' | 'gateways' | 'gatewayClass'> {
  return {
    async versions() {
      const found = await ask(apis.getAPIVersions());
      if (!found.ok) return found;
      const group = found.value.groups.find(({ name }) => name === GROUP);
      return { ok: true, value: (group?.versions ?? []).map(({ version }) => version) };
    },
    async kinds(version) {
      const found = await ask(objects.getAPIResources({ group: GROUP, version }));
      return found.ok ? { ok: true, value: found.value.resources.map(({ name }) => name) } : found;
    },
    async gateways() {
      const found = await ask<unknown>(objects.listClusterCustomObject({ ...KIND, plural: 'gateways' }));
      return read(found, listOf(gatewaySchema));
    },
    async gatewayClass(name) {
      const found = await ask<unknown>(
        objects.getClusterCustomObject({ ...KIND, plural: 'gatewayclasses', name }),
      );
      return read(found, gatewayClassSchema);
    },
  };
}

function routesOf({
  objects,
  asJsonPatch,
  ask,
}: Api): Pick<GatewayHands, 'route' | 'createRoute' | 'patchRoute' | 'removeRoute'> {
  const routes = { ...KIND, plural: 'httproutes' };
  const by = { fieldManager: FIELD_MANAGER };
  const routeIn = async (request: Promise<unknown>): Promise<Answer<Route>> =>
    read(await ask(request), routeSchema);
  const at = ({ namespace, name }: ObjectPlace) => ({ ...routes, namespace, name });
  return {
    route: (place) => routeIn(objects.getNamespacedCustomObject(at(place))),
    createRoute: ({ namespace }, body) =>
      routeIn(objects.createNamespacedCustomObject({ ...routes, namespace, body, ...by })),
    patchRoute: (place, steps) =>
      routeIn(objects.patchNamespacedCustomObject({ ...at(place), body: steps, ...by }, asJsonPatch)),
    removeRoute: (place, uid) =>
      ask<unknown>(objects.deleteNamespacedCustomObject({ ...at(place), body: { preconditions: { uid } } })),
  };
}

const listOf = <T extends z.ZodType>(schema: T) => ({
  parse: (found: unknown): z.infer<T>[] => {
    const items = typeof found === 'object' && found !== null && 'items' in found ? found.items : null;
    return Array.isArray(items) ? items.map((item) => schema.parse(item)) : [];
  },
});

/** An object that is none of this kind is an answer that says nothing. */
function read<T>(answer: Answer<unknown>, schema: { parse(found: unknown): T }): Answer<T> {
  if (!answer.ok) return answer;
  try {
    return { ok: true, value: schema.parse(answer.value) };
  } catch (error) {
    return { ok: false, why: 'refused', detail: `not understood: ${String(error).slice(0, 200)}` };
  }
}

async function asked<T>(request: Promise<T>, scheduler: Scheduler): Promise<Answer<T>> {
  const over = new AbortController();
  const silence = { ok: false, why: 'noAnswer', detail: `no answer in ${LIMIT_MS} ms` } as const;
  const late = pause(scheduler, LIMIT_MS, over.signal).then((): Answer<T> => silence);
  try {
    return await Promise.race([request.then((value): Answer<T> => ({ ok: true, value })), late]);
  } catch (error) {
    return refusalIn(error);
  } finally {
    over.abort();
  }
}

/** Of client-node's ApiException; whatever else was thrown is no answer. */
function refusalIn(error: unknown): Extract<Answer<never>, { ok: false }> {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'number')
    return { ok: false, why: 'noAnswer', detail: String(error) };
  return { ok: false, why: whyOf(error.code), detail: messageIn('body' in error ? error.body : null) };
}

function whyOf(code: number): Extract<Answer<never>, { ok: false }>['why'] {
  if (code === 404) return 'absent';
  if (code === 401 || code === 403) return 'forbidden';
  if (code === 409) return 'changed';
  // Too many requests, or a server in trouble: it said nothing about what was asked.
  if (code === 408 || code === 429 || code >= 500) return 'noAnswer';
  return 'refused';
}

/** A `Status` of the API, as text or parsed. */
function messageIn(body: unknown): string {
  if (typeof body === 'string') {
    try {
      return messageIn(JSON.parse(body));
    } catch {
      return body;
    }
  }
  const isStatus = typeof body === 'object' && body !== null && 'message' in body;
  return isStatus && typeof body.message === 'string' ? body.message : '';
}
