import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { weightsOf, writeRoute } from '../../../test/doubles/fake-gateway-api.ts';
import { bench, config, gatewayOver, opened, place, shares } from '../../../test/doubles/gateway-bench.ts';

test('two ports of this Mac stand behind the route: one for each side, for the cluster alone', async () => {
  const { front, api, fronts, world } = await opened();
  expect(fronts.process?.config).toEqual({
    listen: { host: '172.18.0.1', port: 47_383 },
    edgeListen: { host: '172.18.0.1', port: 47_384 },
    allow: ['172.18.0.0/16'],
    core: config.core,
    edge: config.edge,
  });
  expect(world.backends).toEqual([
    { name: 'tandem-front-core', port: 80, to: { address: '172.18.0.1', port: 47_383 } },
    { name: 'tandem-front-edge', port: 80, to: { address: '172.18.0.1', port: 47_384 } },
  ]);
  expect(weightsOf(api)).toEqual([20, 80]);
  expect(front.dealing).toBe('in-turn');
  expect(await front.read()).toEqual(ok(shares(80)));
});

test('a route that stands already says what is dealt, and the passage follows it', async () => {
  const first = await opened(40);
  const { front, api, fronts } = bench();
  api.route = first.api.route;
  expect((await front.open(config, shares(80))).ok).toBe(true);
  expect(fronts.process?.shares).toEqual(shares(40));
  expect(weightsOf(api)).toEqual([60, 40]);
});

test('an API that is away keeps no dead edge in traffic, and no leaving one', async () => {
  const { front, api, fronts } = await opened();
  api.refuses = 'noAnswer';
  expect((await front.dead()).ok).toBe(true);
  expect(fronts.process?.dead).toBe(true);
  expect(await front.set(shares(0))).toEqual(fail('apiUnreachable', { name: 'lab' }));
  expect(fronts.process?.shares).toEqual(shares(0));
  expect((await front.counters()).ok).toBe(true);
});

test('a dead edge comes back at weight 0, in the route before in the passage', async () => {
  const all = await opened();
  await all.front.dead();
  expect((await all.front.revive()).ok).toBe(true);
  expect(weightsOf(all.api)).toEqual([100, 0]);
  expect(all.fronts.process?.dead).toBe(false);
  all.api.refuses = 'noAnswer';
  await all.front.dead();
  expect(await all.front.revive()).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(all.fronts.process?.dead).toBe(true);
});

test('a route that was deleted by hand is made again with the weights that it had', async () => {
  const { front, api, notes, tended } = await opened();
  await front.set(shares(40), shares(80));
  notes.length = 0;
  api.route = null;
  expect(await front.read()).toEqual(fail('routeGone', { route: 'default/tandem-front' }));
  await tended();
  expect(weightsOf(api)).toEqual([60, 40]);
  expect(notes).toEqual(['the route default/tandem-front was made']);
});

test('a route that somebody edited is left, and said with its name until it is as it was', async () => {
  const { api, said, tended } = await opened();
  writeRoute(api, 'kubectl-edit', ({ spec }) => (spec.hostnames = ['else.test']));
  await tended();
  const problem = { code: 'routeEdited', params: { route: 'default/tandem-front', who: 'kubectl' } };
  await expect.poll(() => said.at(-1)).toEqual({ up: false, problem });
  expect(api.route?.spec.hostnames).toEqual(['else.test']);
  writeRoute(api, 'kubectl-edit', ({ spec }) => (spec.hostnames = []));
  await tended();
  await expect.poll(() => said.at(-1)?.problem).toBeNull();
});

test('what a gateway says against the route is told; its good word is not waited for', async () => {
  const { api, said, tended } = await opened();
  const conditions = [{ type: 'Accepted', status: 'False', reason: 'NoMatchingParent', message: 'no' }];
  if (api.route !== null) api.route.status = { parents: [{ controllerName: 'x', conditions }] };
  await tended();
  await expect
    .poll(() => said.at(-1)?.problem)
    .toEqual({ code: 'routeRefused', params: { reason: 'NoMatchingParent', message: 'no' } });
});

test('other settings are taken over without another open: the route, and the ports of the passage', async () => {
  const { api, fronts, world, tended } = await opened();
  world.settings = { ...world.settings, hostname: 'app.test', port: 50_000 };
  await tended();
  await expect.poll(() => api.route?.spec.hostnames).toEqual(['app.test']);
  expect(fronts.process?.config.edgeListen?.port).toBe(50_001);
  expect(world.backends.map(({ to }) => to.port)).toEqual([50_000, 50_001]);
  expect(weightsOf(api)).toEqual([20, 80]);
});

test('nothing is begun for a Gateway that is not there, and what was begun for nothing is ended', async () => {
  const { front, api, fronts, world } = bench();
  api.gateways = [];
  expect(await front.open(config, shares(80))).toMatchObject({ error: { code: 'gatewayMissing' } });
  expect(fronts.asked).toEqual([]);
  const taken = await opened();
  writeRoute(taken.api, 'kubectl-edit', ({ metadata }) => (metadata.labels = {}));
  api.gateways = [{ namespace: 'default', name: 'web' }];
  api.route = taken.api.route;
  expect(await front.open(config, shares(80))).toMatchObject({ error: { code: 'routeTaken' } });
  expect([fronts.process, front.pid(), world.backends]).toEqual([null, null, []]);
});

test('a passage that carries requests is had, whatever the cluster says, and the rest is found later', async () => {
  const first = await opened(40);
  const { api, fronts } = first;
  await first.front.dispose('keep');
  const next = gatewayOver(first);
  api.refuses = 'noAnswer';
  expect(await next.open(config, shares(80))).toMatchObject({ error: { code: 'apiUnreachable' } });
  expect(next.pid()).toBe(fronts.process?.pid);
  api.refuses = null;
  expect(await next.reconfigure(config, shares(40))).toEqual(ok(undefined));
  expect(await next.read()).toEqual(ok(shares(40)));
});

test('a Gateway that nobody reaches where it should be is said', async () => {
  const { world, said, tended } = await opened();
  world.answers = false;
  await tended();
  await expect
    .poll(() => said.at(-1)?.problem)
    .toEqual({ code: 'gatewaySilent', params: { listen: '192.0.2.1:80' } });
});

test('a cluster that has no way to this Mac, or a Service of that name, stops before anything is written', async () => {
  const { front, world, api, fronts } = bench();
  world.place = fail('podsCannotReach', { provider: 'minikube' });
  expect(await front.open(config, shares(80))).toEqual(fail('podsCannotReach', { provider: 'minikube' }));
  expect(fronts.process).toBeNull();
  world.place = ok(place);
  world.backendsFail = fail('serviceTaken', { namespace: 'default', name: 'tandem-front-core' });
  expect(await front.open(config, shares(80))).toMatchObject({ error: { code: 'serviceTaken' } });
  expect(api.route).toBeNull();
});

test('without a gate nothing goes to the edge, in the route either', async () => {
  const { front, api } = await opened();
  expect(await front.reconfigure({ ...config, edge: null }, shares(0))).toEqual(ok(undefined));
  expect(weightsOf(api)).toEqual([100, 0]);
  expect(await front.set(shares(80), shares(0))).toMatchObject({ error: { code: 'backendInvalid' } });
});

test('ended, nothing of ours stays in the cluster; kept, everything does', async () => {
  const kept = await opened();
  await kept.front.dispose('keep');
  expect(weightsOf(kept.api)).toEqual([20, 80]);
  const ended = await opened();
  await ended.front.dispose('stop');
  expect(ended.api.route).toBeNull();
  expect(ended.world.backends).toEqual([]);
});

test('ended while the cluster is away, what stays there is named', async () => {
  const { front, api, notes } = await opened();
  api.refuses = 'noAnswer';
  await front.dispose('stop');
  expect(notes.at(-1)).toContain('apiUnreachable');
  expect(api.route).not.toBeNull();
});
