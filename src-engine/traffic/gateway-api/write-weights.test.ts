import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import {
  fakeGatewayApi,
  patchByHand,
  weightsOf,
  writeRoute,
} from '../../../test/doubles/fake-gateway-api.ts';
import { noTimeouts } from './implementations.ts';
import { FIELD_MANAGER } from './managers.ts';
import { keepRoute, lookAtRoute, writeWeights, type Desk } from './write-weights.ts';

const shares = (edge: number) => ({ core: 100 - edge, edge });
const writes = (asked: readonly string[]) => asked.filter((what) => what !== 'route');

/** A cluster that has our route, at 20/80. */
async function withRoute() {
  const api = fakeGatewayApi();
  const desk: Desk = {
    hands: api.hands,
    wish: { gateway: { namespace: 'default', name: 'web' }, hostname: '', timeouts: noTimeouts },
    clusterName: 'lab',
  };
  expect(await keepRoute(desk, shares(80))).toMatchObject({ ok: true, value: { made: true } });
  api.asked.length = 0;
  return { api, desk };
}

test('a weight is written once; what stands there already is not written again', async () => {
  const { api, desk } = await withRoute();
  expect(await writeWeights(desk, shares(40), shares(80))).toEqual(ok(shares(40)));
  expect(weightsOf(api)).toEqual([60, 40]);
  expect(await writeWeights(desk, shares(40), shares(80))).toEqual(ok(shares(40)));
  expect(writes(api.asked)).toEqual(['patch']);
});

test('weights of somebody else are a conflict with a name, and stay', async () => {
  const { api, desk } = await withRoute();
  patchByHand(api, 50);
  expect(await writeWeights(desk, shares(0), shares(80))).toEqual(
    fail('weightConflict', { expected: 80, found: 50, who: 'kubectl', why: 'named' }),
  );
  expect(writes(api.asked)).toEqual([]);
  expect(weightsOf(api)).toEqual([50, 50]);
});

test('a second writer between our look and our patch is seen by the API, named, and not overwritten', async () => {
  const { api, desk } = await withRoute();
  api.before = () => patchByHand(api, 61);
  expect(await writeWeights(desk, shares(0), shares(80))).toMatchObject({
    error: { code: 'weightConflict', params: { found: 61, who: 'kubectl' } },
  });
  expect(weightsOf(api)).toEqual([39, 61]);
});

test('the weight 0 of a dead edge is written over whatever weights stand there, by the same test and set', async () => {
  const { api, desk } = await withRoute();
  patchByHand(api, 50);
  api.before = () => patchByHand(api, 61);
  expect(await writeWeights(desk, shares(0))).toEqual(ok(shares(0)));
  expect(weightsOf(api)).toEqual([100, 0]);
  expect(writes(api.asked)).toEqual(['patch', 'patch']);
});

test('but never over a route that deals to others now', async () => {
  const { api, desk } = await withRoute();
  writeRoute(api, 'argocd-controller', ({ spec }) => {
    const [, edge] = spec.rules[0]?.backendRefs ?? [];
    if (edge !== undefined) edge.name = 'app';
  });
  expect(await writeWeights(desk, shares(0))).toMatchObject({
    error: { code: 'weightConflict', params: { who: 'argocd-controller' } },
  });
  expect(writes(api.asked)).toEqual([]);
});

test('somebody who writes without end is not raced without end', async () => {
  const { api, desk } = await withRoute();
  let edge = 80;
  const again = (): void => {
    edge -= 1;
    patchByHand(api, edge);
    queueMicrotask(() => (api.before = again));
  };
  api.before = again;
  expect(await writeWeights(desk, shares(0))).toMatchObject({ error: { code: 'routeRefused' } });
});

test('a route of that name that is not ours is said, and never touched', async () => {
  const { api, desk } = await withRoute();
  writeRoute(api, 'kubectl-edit', ({ metadata }) => (metadata.labels = {}));
  const taken = fail('routeTaken', { route: 'default/tandem-front', who: 'kubectl' });
  expect(await keepRoute(desk, shares(80))).toEqual(taken);
  expect(await writeWeights(desk, shares(0))).toEqual(taken);
  expect(writes(api.asked)).toEqual([]);
});

test('one that was deleted is made again, with what it said last', async () => {
  const { api, desk } = await withRoute();
  api.route = null;
  expect(await lookAtRoute(desk)).toEqual(fail('routeGone', { route: 'default/tandem-front' }));
  expect(await keepRoute(desk, shares(40))).toMatchObject({ value: { made: true } });
  expect(weightsOf(api)).toEqual([60, 40]);
});

test('other settings renew the route with the weights that it has; an edited one stays as it was edited', async () => {
  const { api, desk } = await withRoute();
  const named: Desk = { ...desk, wish: { ...desk.wish, hostname: 'app.test' } };
  await keepRoute(named, shares(10));
  expect([api.route?.spec.hostnames, weightsOf(api)]).toEqual([['app.test'], [20, 80]]);
  expect(api.route?.metadata.managedFields[0]?.manager).toBe(FIELD_MANAGER);
  writeRoute(api, 'kubectl-edit', ({ spec }) => (spec.hostnames = ['else.test']));
  expect(await keepRoute(named, shares(10))).toMatchObject({
    value: { reading: { standing: 'edited', who: 'kubectl' } },
  });
  expect(api.route?.spec.hostnames).toEqual(['else.test']);
});

test('an API that does not answer, or forbids, is said as that', async () => {
  const { api, desk } = await withRoute();
  api.refuses = 'noAnswer';
  expect(await writeWeights(desk, shares(0), shares(80))).toEqual(fail('apiUnreachable', { name: 'lab' }));
  api.refuses = 'forbidden';
  expect(await writeWeights(desk, shares(0), shares(80))).toMatchObject({
    error: { code: 'routeForbidden' },
  });
});
