import type { Answer, GatewayHands, PatchStep } from '../../src-engine/traffic/gateway-api/gateway-ports.ts';
import {
  gatewayClassSchema,
  gatewaySchema,
  routeSchema,
  type Route,
} from '../../src-engine/traffic/gateway-api/gateway-objects.ts';
import { FIELD_MANAGER } from '../../src-engine/traffic/gateway-api/managers.ts';

type No = Extract<Answer<unknown>, { ok: false }>;

/** A cluster's API as a front sees it: its Gateways, at most one route, and who wrote that. */
export interface FakeGatewayApi {
  versions: readonly string[];
  kinds: readonly string[];
  gateways: { namespace: string; name: string }[];
  controllerName: string;
  features: readonly string[];
  /** Null: there is none. */
  route: Route | null;
  /** Counts what was written. */
  revision: number;
  /** Every question and change, in order. */
  readonly asked: string[];
  /** Everything is answered with it; null: as it should be. */
  refuses: No['why'] | null;
  /** Runs right before the next patch arrives: a second writer. */
  before: (() => void) | null;
}

export function fakeGatewayApi(): FakeGatewayApi & { readonly hands: GatewayHands } {
  const api: FakeGatewayApi = {
    versions: ['v1', 'v1beta1'],
    kinds: ['gatewayclasses', 'gateways', 'httproutes', 'httproutes/status'],
    gateways: [{ namespace: 'default', name: 'web' }],
    controllerName: 'traefik.io/gateway-controller',
    features: [],
    route: null,
    revision: 0,
    asked: [],
    refuses: null,
    before: null,
  };
  return Object.assign(api, { hands: { ...looking(api), ...routes(api) } });
}

/** Somebody writes the route: whose field it is from now on. */
export function writeRoute(api: FakeGatewayApi, manager: string, change: (route: Route) => void): void {
  if (api.route === null) throw new Error('there is no route');
  change(api.route);
  api.revision += 1;
  const time = new Date(api.revision * 1000).toISOString();
  api.route.metadata.resourceVersion = String(api.revision);
  api.route.metadata.managedFields = [{ manager, time, fieldsV1: { 'f:spec': { 'f:rules': {} } } }];
}

/** The edge's weight by `kubectl patch`; the core's is what is left of 100. */
export function patchByHand(api: FakeGatewayApi, edge: number): void {
  writeRoute(api, 'kubectl-patch', ({ spec }) => {
    spec.rules[0]?.backendRefs.forEach((ref, index) => (ref.weight = index === 0 ? 100 - edge : edge));
  });
}

/** Of the core and of the edge, as they stand there. */
export const weightsOf = ({ route }: FakeGatewayApi): (number | undefined)[] =>
  (route?.spec.rules[0]?.backendRefs ?? []).map(({ weight }) => weight);

async function say<T>(api: FakeGatewayApi, what: string, answer: () => Answer<T>): Promise<Answer<T>> {
  api.asked.push(what);
  return api.refuses === null ? answer() : { ok: false, why: api.refuses, detail: 'planted' };
}

function looking(
  api: FakeGatewayApi,
): Pick<GatewayHands, 'versions' | 'kinds' | 'gateways' | 'gatewayClass'> {
  return {
    versions: () => say(api, 'versions', () => ({ ok: true, value: api.versions })),
    kinds: () => say(api, 'kinds', () => ({ ok: true, value: api.kinds })),
    gateways: () =>
      say(api, 'gateways', () => ({
        ok: true,
        value: api.gateways.map((metadata) =>
          gatewaySchema.parse({ metadata, spec: { gatewayClassName: 'fake' } }),
        ),
      })),
    gatewayClass: (name) =>
      say(api, 'class', () => ({
        ok: true,
        value: gatewayClassSchema.parse({
          metadata: { name },
          spec: { controllerName: api.controllerName },
          status: { supportedFeatures: api.features.map((feature) => ({ name: feature })) },
        }),
      })),
  };
}

const absent: No = { ok: false, why: 'absent', detail: 'not found' };

const routeNow = ({ route }: FakeGatewayApi): Answer<Route> =>
  route === null ? absent : { ok: true, value: structuredClone(route) };

function routes(
  api: FakeGatewayApi,
): Pick<GatewayHands, 'route' | 'createRoute' | 'patchRoute' | 'removeRoute'> {
  return {
    route: () => say(api, 'route', () => routeNow(api)),
    createRoute: (_place, body) =>
      say(api, 'create', () => {
        if (api.route !== null) return { ok: false, why: 'changed', detail: 'already exists' };
        api.route = routeSchema.parse(structuredClone(body));
        api.route.metadata.uid = `uid-${api.revision}`;
        writeRoute(api, FIELD_MANAGER, () => undefined);
        return routeNow(api);
      }),
    patchRoute: (_place, steps) =>
      say(api, 'patch', () => {
        api.before?.();
        api.before = null;
        if (api.route === null) return absent;
        const patched = structuredClone(api.route);
        if (!steps.every((step) => carriedOut(patched, step)))
          return { ok: false, why: 'refused', detail: 'the request is invalid' };
        api.route = routeSchema.parse(patched);
        writeRoute(api, FIELD_MANAGER, () => undefined);
        return routeNow(api);
      }),
    removeRoute: (_place, uid) =>
      say(api, 'remove', () => {
        if (api.route?.metadata.uid !== uid) return absent;
        api.route = null;
        return { ok: true, value: {} };
      }),
  };
}

/** RFC 6902, as far as it is used; false where a test does not hold. */
function carriedOut(document: object, step: PatchStep): boolean {
  const keys = step.path.split('/').slice(1);
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), document);
  if (!isObject(parent)) return false;
  if (step.op === 'test') return JSON.stringify(parent[last]) === JSON.stringify(step.value);
  if (step.op === 'remove') delete parent[last];
  else parent[last] = step.value;
  return true;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
