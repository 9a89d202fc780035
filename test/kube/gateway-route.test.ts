import { expect, onTestFinished, test } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { doAct } from '../../src-engine/handoff/keeper/acts.ts';
import { openServiceHands } from '../../src-engine/kube/service-hands.ts';
import { systemScheduler } from '../../src-engine/platform/clock.ts';
import { readRoute, routeBody, weightSteps } from '../../src-engine/traffic/gateway-api/route.ts';
import { openTraffic } from '../../src-engine/traffic/traffic-room.ts';
import { careFor } from '../../src-engine/tunnel/lan/cluster-care.ts';
import { trafficBench } from '../doubles/traffic-bench.ts';
import { config, gatewayObjects, gatewayScene, oldCrd, ROUTE, shares } from './gateway-scene.ts';

// The Gateway front's objects on a real API server with the real CRDs; nobody carries requests here (test/gateway does).

const TEND_MS = 5000;
const { scene, bench, opened, weights, jsonPath, byHand } = gatewayScene();
const generation = async (): Promise<number> => Number(await jsonPath('{.metadata.generation}'));

test('a cluster without the Gateway API, one with an old one, and one without a Gateway say so; nothing is written', async () => {
  const { front } = bench();
  expect(await front.open(config, shares(80))).toEqual(fail('gatewayApiMissing', { name: 'core' }));
  await scene.core.apply(oldCrd);
  await expect
    .poll(() => front.open(config, shares(80)), { timeout: 30_000, interval: 500 })
    .toEqual(fail('gatewayApiOld', { versions: 'v1beta1' }));
  // Over the old one, as an update of it is made: deleting it would wait for its controller.
  await scene.core.applyCrds('gateway-api');
  await expect
    .poll(() => front.open(config, shares(80)), { timeout: 30_000, interval: 500 })
    .toEqual(fail('gatewayMissing', { gateway: '-', why: 'none' }));
  await scene.core.apply(...gatewayObjects);
  expect(await scene.core.kubectl('get', 'services', '-l', 'tandem.local/front', '-o', 'name')).toBe('');
  expect(await front.open(config, shares(80))).toEqual(ok('started'));
  await front.dispose('stop');
});

test('one route and two Services with a ready endpoint each are made, labelled, and the second time nothing', async () => {
  const { make } = await opened();
  expect(await scene.core.get('httproute', ROUTE)).toMatchObject({
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'tandem', 'tandem.local/front': 'route' } },
    spec: { parentRefs: [{ name: 'web', namespace: 'default' }] },
  });
  for (const [side, port] of [
    ['core', 47_383],
    ['edge', 47_384],
  ] as const) {
    expect(await scene.core.get('service', `tandem-front-${side}`)).not.toHaveProperty('spec.selector');
    expect(await scene.core.get('endpointslice', `tandem-front-${side}`)).toMatchObject({
      endpoints: [{ addresses: ['172.18.0.1'], conditions: { ready: true } }],
      ports: [{ name: 'http', port }],
    });
  }
  const before = await jsonPath('{.metadata.resourceVersion}');
  const next = make();
  onTestFinished(() => next.dispose('keep'));
  expect((await next.open(config, shares(10))).ok).toBe(true);
  expect(await jsonPath('{.metadata.resourceVersion}')).toBe(before);
  expect(await next.read()).toEqual(ok(shares(80)));
});

test('a write changes two weights and nothing else; the same again is no write', async () => {
  const { front } = await opened();
  const spec = await scene.core.get('httproute', ROUTE);
  expect(await front.set(shares(40), shares(80))).toEqual(ok(shares(40)));
  expect([await weights(), await generation()]).toEqual(['60 40', 2]);
  expect(await front.set(shares(40), shares(80))).toEqual(ok(shares(40)));
  expect(await generation()).toBe(2);
  await front.set(shares(80), shares(40));
  const now = await scene.core.get('httproute', ROUTE);
  expect((now as { spec: unknown }).spec).toEqual((spec as { spec: unknown }).spec);
  expect(await front.read()).toEqual(ok(shares(80)));
});

test('of two who write at once exactly one does, and the other hears of it', async () => {
  const { front } = await opened();
  const place = { namespace: 'default', name: ROUTE };
  let old = shares(80);
  for (let round = 1; round <= 20; round += 1) {
    const [mine, theirs] = [shares(round), shares(50 + round)];
    const [our, other] = await Promise.all([
      front.set(mine, old),
      scene.api.gateway.patchRoute(place, weightSteps(old, theirs)),
    ]);
    expect([our.ok, other.ok].filter(Boolean)).toHaveLength(1);
    if (!our.ok) expect(our.error).toMatchObject({ code: 'weightConflict', params: { found: theirs.edge } });
    old = our.ok ? mine : theirs;
    expect(await weights()).toBe(`${old.core} ${old.edge}`);
  }
});

test('kubectl patch in the middle of a shift: the keeper is told its name, and nothing is overwritten', async () => {
  const { make } = await opened();
  const all = trafficBench('core');
  all.world.settings = { ...all.world.settings, front: 'gateway-api' };
  const room = await openTraffic({ ...all.ports, makeFront: make });
  onTestFinished(() => room.dispose('keep'));
  expect(await room.switch.useGate(all.gateAddress)).toMatchObject({ ok: true });
  expect(await room.switch.set(shares(80), shares(0))).toEqual(ok(shares(80)));
  expect(room.view()).toMatchObject({ front: 'gateway-api', state: 'up' });
  const act = (edge: number, from: number) =>
    doAct(room.switch, {
      do: 'write',
      target: shares(edge),
      ours: [shares(from)],
      mayRaise: false,
      again: false,
      force: false,
    });
  expect((await act(40, 80)).result).toEqual(ok(shares(40)));
  await byHand(61);
  expect((await act(0, 40)).result).toEqual(
    fail('weightConflict', { core: 39, edge: 61, who: 'kubectl', why: 'named' }),
  );
  expect(await weights()).toBe('39 61');
  // Between the keeper's look and its write as well.
  expect(await room.switch.set(shares(0), shares(40))).toEqual(
    fail('weightConflict', { expected: 40, found: 61, who: 'kubectl', why: 'named' }),
  );
  expect(await weights()).toBe('39 61');
  // Only the edge's death writes over it, and then the name is ours again.
  expect((await room.switch.dead()).ok).toBe(true);
  await expect.poll(weights).toBe('100 0');
  expect(await room.switch.read()).toEqual(ok(shares(0)));
});

test('a route that is deleted by hand is said, and made again with its weights', async () => {
  const { front, time } = await opened();
  await front.set(shares(40), shares(80));
  await scene.core.kubectl('delete', 'httproute', ROUTE);
  expect(await front.read()).toEqual(fail('routeGone', { route: `default/${ROUTE}` }));
  await time.advance(TEND_MS);
  await expect.poll(() => front.read()).toEqual(ok(shares(40)));
});

test('what somebody makes of our route, and a route of that name that is not ours, stay and are named', async () => {
  const { front, time, said } = await opened();
  await scene.core.kubectl(
    'patch',
    'httproute',
    ROUTE,
    '--type=merge',
    '-p',
    '{"spec":{"hostnames":["else.test"]}}',
  );
  await time.advance(TEND_MS);
  await expect
    .poll(() => said.at(-1))
    .toEqual({ code: 'routeEdited', params: { route: `default/${ROUTE}`, who: 'kubectl' } });
  expect(await jsonPath('{.spec.hostnames[*]}')).toBe('else.test');
  expect(await front.set(shares(40), shares(80))).toEqual(ok(shares(40)));
  await scene.core.kubectl('label', 'httproute', ROUTE, 'tandem.local/front-');
  expect(await front.set(shares(0))).toMatchObject({ error: { code: 'routeTaken' } });
  expect(await weights()).toBe('60 40');
});

test('settings, and what the class says that it can do, become the route’s; the real schema takes it', async () => {
  const { front, world } = await opened();
  const features = { status: { supportedFeatures: [{ name: 'HTTPRouteRequestTimeout' }] } };
  const status = ['patch', 'gatewayclass', 'rig', '--subresource=status', '--type=merge', '-p'];
  await scene.core.kubectl(...status, JSON.stringify(features));
  world.settings = { ...world.settings, hostname: 'app.test', timeoutSeconds: 90 };
  expect(await front.reconfigure(config, shares(80))).toEqual(ok(undefined));
  expect(await jsonPath('{.spec.hostnames[0]} {.spec.rules[0].timeouts.request}')).toBe('app.test 90s');
  expect(await weights()).toBe('20 80');
  await scene.core.kubectl(...status, JSON.stringify({ status: { supportedFeatures: [] } }));
});

test('every field that the API fills in reads as wanted', async () => {
  const wish = {
    gateway: { namespace: 'default', name: 'web' },
    hostname: '*.app.test',
    timeouts: { request: '120s', backendRequest: '60s' },
  };
  await scene.core.kubectl('delete', 'httproute', ROUTE, '--ignore-not-found');
  const made = await scene.api.gateway.createRoute(
    { namespace: 'default', name: ROUTE },
    routeBody(wish, shares(80)),
  );
  expect(made).toMatchObject({ ok: true });
  const found = await scene.api.gateway.route({ namespace: 'default', name: ROUTE });
  if (!found.ok) throw new Error(found.detail);
  expect(readRoute(found.value, wish)).toEqual({
    weights: shares(80),
    shares: shares(80),
    who: null,
    standing: 'asWanted',
  });
});

test('LAN mode and the front do not see each other’s Services', async () => {
  await opened();
  const lan = await openServiceHands(scene.core.kubeconfig, systemScheduler);
  if (lan === null) throw new Error('the kubeconfig cannot be read');
  expect(await careFor(lan, { services: [], slices: [] }, false)).toMatchObject({ changes: [] });
  const services = await scene.core.kubectl('get', 'services', '-l', 'tandem.local/front', '-o', 'name');
  expect(services).toBe('service/tandem-front-core\nservice/tandem-front-edge');
});

test('an API that is gone is said; the passage gives the edge nothing all the same, and the route is as it was', async () => {
  const { front, fronts } = await opened();
  await scene.core.stopApi();
  try {
    expect(await front.set(shares(0), shares(80))).toEqual(fail('apiUnreachable', { name: 'core' }));
    expect(fronts.process?.shares).toEqual(shares(0));
    expect((await front.counters()).ok).toBe(true);
  } finally {
    await scene.core.startApi();
  }
  expect(await weights()).toBe('20 80');
  expect(await front.set(shares(0), shares(80))).toEqual(ok(shares(0)));
});

test('ended, nothing of it is left, and nothing else is gone', async () => {
  const { front } = await opened();
  await scene.core.kubectl('create', 'service', 'clusterip', 'theirs', '--tcp=80:8080');
  await front.dispose('stop');
  const left = ['get', 'httproutes,services,endpointslices', '-A', '-l', 'tandem.local/front', '-o', 'name'];
  expect(await scene.core.kubectl(...left)).toBe('');
  expect(await scene.core.kubectl('get', 'service', 'theirs', '-o', 'name')).toBe('service/theirs');
});

test('a Service of that name that is not ours stays, is said by name, and nothing of ours is left beside it', async () => {
  await scene.core.kubectl('create', 'service', 'clusterip', 'tandem-front-edge', '--tcp=80:8080');
  const { front } = bench();
  expect(await front.open(config, shares(80))).toEqual(
    fail('serviceTaken', { namespace: 'default', name: 'tandem-front-edge' }),
  );
  const ours = ['get', 'httproutes,services,endpointslices', '-A', '-l', 'tandem.local/front', '-o', 'name'];
  expect(await scene.core.kubectl(...ours)).toBe('');
  expect(await scene.core.get('service', 'tandem-front-edge')).toMatchObject({
    spec: { ports: [{ targetPort: 8080 }] },
  });
});
