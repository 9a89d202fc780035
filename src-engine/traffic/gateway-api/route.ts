import type { Shares } from '../../../src-shared/world/traffic.ts';
import type { BackendRef, Route } from './gateway-objects.ts';
import type { ObjectPlace, PatchStep } from './gateway-ports.ts';
import { noTimeouts, type Timeouts } from './implementations.ts';
import { otherWriter } from './managers.ts';
import { BACKEND_PORT, BACKENDS } from './passage-config.ts';

/** The one route that is ours, and what makes it so. */
export const ROUTE_NAME = 'tandem-front';
const OURS = 'tandem.local/front';
const GATEWAY_API = 'gateway.networking.k8s.io';

/** What the route is to be, but for its weights. It stands in the Gateway's own namespace. */
export interface RouteWish {
  readonly gateway: ObjectPlace;
  /** Empty: every host. */
  readonly hostname: string;
  readonly timeouts: Timeouts;
}

export const placeOfRoute = ({ gateway }: RouteWish): ObjectPlace => ({
  namespace: gateway.namespace,
  name: ROUTE_NAME,
});

/** As the API has them: in proportion to each other, and not both 0. */
export type Weights = Shares;

/** The whole object, as it is created. */
export function routeBody(wish: RouteWish, shares: Shares) {
  const { namespace, name } = placeOfRoute(wish);
  return {
    apiVersion: `${GATEWAY_API}/v1`,
    kind: 'HTTPRoute',
    metadata: { namespace, name, labels: { 'app.kubernetes.io/managed-by': 'tandem', [OURS]: 'route' } },
    spec: specOf(wish, shares),
  };
}

function specOf({ gateway, hostname, timeouts }: RouteWish, weights: Weights) {
  const { request, backendRequest } = timeouts;
  const limits = {
    ...(request === null ? {} : { request }),
    ...(backendRequest === null ? {} : { backendRequest }),
  };
  return {
    parentRefs: [{ namespace: gateway.namespace, name: gateway.name }],
    ...(hostname === '' ? {} : { hostnames: [hostname] }),
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [
          { name: BACKENDS.core, port: BACKEND_PORT, weight: weights.core },
          { name: BACKENDS.edge, port: BACKEND_PORT, weight: weights.edge },
        ],
        ...(Object.keys(limits).length === 0 ? {} : { timeouts: limits }),
      },
    ],
  };
}

export const isOurs = ({ metadata }: Route): boolean => metadata.labels[OURS] === 'route';

/** What a route says now, beside what it is to say. */
export interface RouteReading {
  /** Of the backends that we name; null: it deals to others. */
  readonly weights: Weights | null;
  /** What a gateway makes of it, in percent: whatever is not our edge's is the core's. */
  readonly shares: Shares;
  /** Who else wrote its `spec` last; null: nobody. */
  readonly who: string | null;
  /**
   * `asWanted`: but for the weights. `outdated`: the settings or the implementation are others than when we wrote it.
   * `edited`: somebody else made it another route; it is never written over.
   */
  readonly standing: 'asWanted' | 'outdated' | 'edited';
}

export function readRoute(route: Route, wish: RouteWish): RouteReading {
  const weights = weightsIn(route);
  const who = otherWriter(route.metadata.managedFields);
  const isAsWanted = weights !== null && says(route, wish);
  return {
    weights,
    shares: sharesIn(route),
    who,
    standing: isAsWanted ? 'asWanted' : who === null ? 'outdated' : 'edited',
  };
}

/** A weight that is left out is 1 (Gateway API, HTTPBackendRef). */
const weightOf = ({ weight = 1 }: BackendRef): number => weight;

/** Null unless the two backends are ours, in our order and without anything that changes what they mean. */
function weightsIn({ spec }: Route): Weights | null {
  const [rule, ...rules] = spec.rules;
  const [core, edge, ...others] = rule?.backendRefs ?? [];
  if (rules.length > 0 || core === undefined || edge === undefined || others.length > 0) return null;
  const isWhole = isBackend(core, BACKENDS.core) && isBackend(edge, BACKENDS.edge);
  const weights = { core: weightOf(core), edge: weightOf(edge) };
  return isWhole && weights.core + weights.edge > 0 ? weights : null;
}

function isBackend(
  { kind = 'Service', group = '', namespace, name, port, filters }: BackendRef,
  ours: string,
) {
  const isService = kind === 'Service' && group === '' && namespace === undefined;
  return isService && name === ours && port === BACKEND_PORT && filters.length === 0;
}

function sharesIn({ spec }: Route): Shares {
  const refs = spec.rules.flatMap(({ backendRefs }) => backendRefs);
  const sum = refs.reduce((all, ref) => all + weightOf(ref), 0);
  const edge = refs.filter(({ name }) => name === BACKENDS.edge).reduce((all, ref) => all + weightOf(ref), 0);
  const percent = sum === 0 ? 0 : Math.round((100 * edge) / sum);
  return { core: 100 - percent, edge: percent };
}

/** But for backends and weights. */
function says({ metadata, spec }: Route, { gateway, hostname, timeouts }: RouteWish): boolean {
  const [parent, ...parents] = spec.parentRefs;
  const [rule] = spec.rules;
  const [match, ...matches] = rule?.matches ?? [];
  const isThere =
    parents.length === 0 &&
    parent?.name === gateway.name &&
    (parent.namespace ?? metadata.namespace) === gateway.namespace &&
    hasOnly(parent, ['group', 'kind', 'namespace', 'name']);
  const isForAll =
    matches.length === 0 &&
    match?.path?.type === 'PathPrefix' &&
    match.path.value === '/' &&
    hasOnly(match, ['path']);
  const limits = { ...noTimeouts, ...rule?.timeouts };
  return (
    isThere &&
    isForAll &&
    rule?.filters.length === 0 &&
    spec.hostnames.join(' ') === hostname &&
    limits.request === timeouts.request &&
    limits.backendRequest === timeouts.backendRequest
  );
}

/** A header, a method, a query or a listener's name would leave requests out. */
const hasOnly = (part: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean =>
  Object.keys(part).every((key) => keys.includes(key));

/**
 * Test and set: nothing is written unless the backends are still ours and have the weights that were read. No other
 * field is touched, and nothing is forced.
 */
export function weightSteps(from: Weights, to: Shares): readonly PatchStep[] {
  const at = (index: number, field: string): string => `/spec/rules/0/backendRefs/${index}/${field}`;
  const sides = [
    [0, BACKENDS.core, from.core, to.core],
    [1, BACKENDS.edge, from.edge, to.edge],
  ] as const;
  return [
    ...sides.flatMap(([index, name, old]): PatchStep[] => [
      { op: 'test', path: at(index, 'name'), value: name },
      { op: 'test', path: at(index, 'weight'), value: old },
    ]),
    ...sides.map(([index, , , next]): PatchStep => ({
      op: 'replace',
      path: at(index, 'weight'),
      value: next,
    })),
  ];
}

/** An outdated one that nobody else has a hand in, with the weights that it has. */
export function renewSteps(route: Route, wish: RouteWish, weights: Weights): readonly PatchStep[] {
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: route.metadata.resourceVersion },
    { op: 'replace', path: '/spec', value: specOf(wish, weights) },
  ];
}
