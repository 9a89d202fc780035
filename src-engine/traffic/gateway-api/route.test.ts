import { expect, test } from 'vitest';
import { routeSchema, type Route } from './gateway-objects.ts';
import { noTimeouts } from './implementations.ts';
import { FIELD_MANAGER } from './managers.ts';
import { isOurs, readRoute, renewSteps, routeBody, weightSteps, type RouteWish } from './route.ts';

const wish: RouteWish = {
  gateway: { namespace: 'default', name: 'web' },
  hostname: 'app.test',
  timeouts: { request: '120s', backendRequest: null },
};
const shares = (edge: number) => ({ core: 100 - edge, edge });

/** As an API server hands it back: with its defaults filled in, and who wrote it. */
function served(
  change: (spec: Spec) => void = () => undefined,
  writers: readonly string[] = [FIELD_MANAGER],
): Route {
  const body = structuredClone(routeBody(wish, shares(80))) as unknown as Body;
  const { spec, metadata } = body;
  for (const ref of spec.rules[0]?.backendRefs ?? []) Object.assign(ref, { group: '', kind: 'Service' });
  Object.assign(spec.parentRefs[0] ?? {}, { group: 'gateway.networking.k8s.io', kind: 'Gateway' });
  change(spec);
  const fieldsV1 = { 'f:spec': { 'f:rules': {} } };
  const managedFields = writers.map((manager, index) => ({
    manager,
    time: `2026-01-01T00:00:0${index}Z`,
    fieldsV1,
  }));
  return routeSchema.parse({ ...body, metadata: { ...metadata, resourceVersion: '7', managedFields } });
}
interface Spec {
  parentRefs: Record<string, unknown>[];
  hostnames: string[];
  rules: {
    matches: Record<string, unknown>[];
    filters?: unknown[];
    backendRefs: Record<string, unknown>[];
    timeouts?: unknown;
  }[];
}
interface Body {
  metadata: object;
  spec: Spec;
}
const refs = (spec: Spec) => spec.rules[0]?.backendRefs ?? [];

test('what was written reads as wanted, with the defaults that the API fills in', () => {
  expect(readRoute(served(), wish)).toEqual({
    weights: shares(80),
    shares: shares(80),
    who: null,
    standing: 'asWanted',
  });
  expect(isOurs(served())).toBe(true);
});

test('weights of somebody else are read as shares, and named', () => {
  const route = served(
    (spec) => refs(spec).forEach((ref, index) => (ref['weight'] = index === 0 ? 1 : 3)),
    [FIELD_MANAGER, 'kubectl-patch'],
  );
  expect(readRoute(route, wish)).toEqual({
    weights: { core: 1, edge: 3 },
    shares: shares(75),
    who: 'kubectl',
    standing: 'asWanted',
  });
});

const foreign: [string, (spec: Spec) => void][] = [
  ['another backend', (spec) => void ((refs(spec)[1] ?? {})['name'] = 'app')],
  ['a third backend', (spec) => void refs(spec).push({ name: 'app', port: 80, weight: 20 })],
  ['a backend less', (spec) => void refs(spec).pop()],
  ['a backend of another kind', (spec) => void ((refs(spec)[1] ?? {})['kind'] = 'ServiceImport')],
  ['a backend elsewhere', (spec) => void ((refs(spec)[1] ?? {})['namespace'] = 'other')],
  ['a filter of a backend', (spec) => void ((refs(spec)[0] ?? {})['filters'] = [{ type: 'RequestMirror' }])],
  ['both weights 0', (spec) => refs(spec).forEach((ref) => (ref['weight'] = 0))],
  ['a second rule', (spec) => void spec.rules.push({ matches: [], backendRefs: [] })],
  [
    'a filter',
    (spec) => void (spec.rules[0] !== undefined && (spec.rules[0].filters = [{ type: 'URLRewrite' }])),
  ],
  ['another path', (spec) => void (spec.rules[0]!.matches = [{ path: { type: 'PathPrefix', value: '/a' } }])],
  [
    'a header that must be',
    (spec) => void (spec.rules[0]!.matches[0]!['headers'] = [{ name: 'a', value: 'b' }]),
  ],
  ['another host', (spec) => void (spec.hostnames = ['else.test'])],
  ['another gateway', (spec) => void ((spec.parentRefs[0] ?? {})['name'] = 'api')],
  ['one listener alone', (spec) => void ((spec.parentRefs[0] ?? {})['sectionName'] = 'http')],
  ['no time limit', (spec) => void delete spec.rules[0]?.timeouts],
];

test.each(foreign)('%s: edited by who wrote it; outdated where nobody else did', (_name, change) => {
  expect(readRoute(served(change, [FIELD_MANAGER, 'kubectl-edit']), wish)).toMatchObject({
    standing: 'edited',
    who: 'kubectl',
  });
  expect(readRoute(served(change), wish)).toMatchObject({ standing: 'outdated', who: null });
});

test('of a route that deals to others only our edge is the edge', () => {
  const read = readRoute(
    served((spec) => void refs(spec).push({ name: 'app', port: 80, weight: 60 })),
    wish,
  );
  expect(read).toMatchObject({ weights: null, shares: { core: 50, edge: 50 } });
});

test('a write touches two weights, and only if names and weights are what was read', () => {
  const steps = weightSteps({ core: 1, edge: 3 }, shares(0));
  expect(steps.map((step) => ('value' in step ? [step.op, step.path, step.value] : []))).toEqual([
    ['test', '/spec/rules/0/backendRefs/0/name', 'tandem-front-core'],
    ['test', '/spec/rules/0/backendRefs/0/weight', 1],
    ['test', '/spec/rules/0/backendRefs/1/name', 'tandem-front-edge'],
    ['test', '/spec/rules/0/backendRefs/1/weight', 3],
    ['replace', '/spec/rules/0/backendRefs/0/weight', 100],
    ['replace', '/spec/rules/0/backendRefs/1/weight', 0],
  ]);
});

test('an outdated route is renewed with its weights, unless it changed meanwhile', () => {
  const [check, replace] = renewSteps(served(), { ...wish, hostname: '', timeouts: noTimeouts }, shares(40));
  expect(check).toEqual({ op: 'test', path: '/metadata/resourceVersion', value: '7' });
  expect(replace).toMatchObject({
    op: 'replace',
    path: '/spec',
    value: { rules: [{ backendRefs: [{ weight: 60 }, { weight: 40 }] }] },
  });
});
