import { expect, onTestFinished, test } from 'vitest';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { fakeFronts } from '../../../test/doubles/fake-front.ts';
import {
  fakeGatewayApi,
  patchByHand,
  weightsOf,
  writeRoute,
} from '../../../test/doubles/fake-gateway-api.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { silentLog } from '../../platform/log.ts';
import type { FrontConfig } from '../ports.ts';
import { gatewayFront } from './gateway-front.ts';
import type { Backend, PassagePlace } from './gateway-ports.ts';

const shares = (edge: number) => ({ core: 100 - edge, edge });
const TEND_MS = 5000;
const config: FrontConfig = {
  listen: { host: '192.0.2.1', port: 80 },
  core: { host: '127.0.0.1', port: 47_390, healthPath: '/' },
  edge: {
    host: '192.0.2.8',
    port: 47_381,
    tls: { ownPemFile: '/own.pem', peerPemFile: '/peer.pem', peerPin: 'pin' },
  },
};
const place: PassagePlace = { listenHost: '172.18.0.1', seenAs: '172.18.0.1', allow: ['172.18.0.0/16'] };

/** A cluster and a passage that are fakes, and what a front over them is to find there. */
function surroundings() {
  const world = {
    settings: defaultSettings.traffic.gateway,
    place: ok(place) as Result<PassagePlace>,
    backends: [] as readonly Backend[],
    backendsFail: null as Result<never> | null,
    answers: true,
  };
  return { time: fakeTime(), api: fakeGatewayApi(), fronts: fakeFronts(), world, notes: [] as string[] };
}

/** As each engine of that home makes one. */
function gatewayOver({ time, api, fronts, world, notes }: ReturnType<typeof surroundings>) {
  const front = gatewayFront({
    ...time,
    log: silentLog,
    passage: fronts.make('embedded'),
    passageLives: async () => fronts.process !== null,
    settings: () => world.settings,
    clusterName: () => 'lab',
    place: async () => world.place,
    hands: async () => ok(api.hands),
    async keepBackends(_namespace, backends) {
      if (world.backendsFail !== null) return world.backendsFail;
      world.backends = backends;
      return ok(undefined);
    },
    answers: async () => world.answers,
    note: (what) => void notes.push(what),
  });
  onTestFinished(() => front.dispose('keep'));
  return front;
}

function bench() {
  const around = surroundings();
  const { api, time } = around;
  const front = gatewayOver(around);
  const said: { up: boolean; problem: Problem | null }[] = [];
  front.onState((state) => said.push(state));
  const tended = async (): Promise<void> => {
    const asked = api.asked.length;
    await time.advance(TEND_MS);
    await expect.poll(() => api.asked.length).toBeGreaterThan(asked);
    await expect.poll(async () => (await front.read()).ok || api.refuses !== null).toBe(true);
  };
  return { ...around, front, said, tended };
}
type Bench = ReturnType<typeof bench>;

async function opened(edge = 80): Promise<Bench> {
  const all = bench();
  expect(await all.front.open(config, shares(edge))).toEqual(ok('started'));
  all.api.asked.length = 0;
  all.fronts.asked.length = 0;
  return all;
}
const changes = ({ api, fronts }: Bench): string[] => [
  ...fronts.asked.filter((what) => !what.endsWith('read')),
  ...api.asked.filter((what) => what === 'patch' || what === 'create' || what === 'remove'),
];

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

test('the passage is told before the route: a share of 0 holds there however late the gateway is', async () => {
  const all = await opened();
  expect(await all.front.set(shares(0), shares(80))).toEqual(ok(shares(0)));
  expect(changes(all)).toEqual(['embedded set 0', 'patch']);
  // Right after it, as in a rollback.
  expect(await all.front.set(shares(80), shares(0))).toEqual(ok(shares(80)));
  expect(all.fronts.process?.shares).toEqual(shares(80));
  expect(weightsOf(all.api)).toEqual([20, 80]);
});

test('a conflict names who wrote, overwrites nothing, and leaves the passage as the route says', async () => {
  const { front, api, fronts } = await opened();
  patchByHand(api, 50);
  expect(await front.read()).toEqual(ok({ ...shares(50), who: 'kubectl' }));
  expect(await front.set(shares(0), shares(80))).toEqual(
    fail('weightConflict', { expected: 80, found: 50, who: 'kubectl', why: 'named' }),
  );
  expect(weightsOf(api)).toEqual([50, 50]);
  expect(fronts.process?.shares).toEqual(shares(50));
});

test('a fall that the API did not take holds in the passage, and no look at the route raises it again', async () => {
  const { front, api, fronts, tended } = await opened();
  api.refuses = 'noAnswer';
  expect(await front.set(shares(0), shares(80))).toEqual(fail('apiUnreachable', { name: 'lab' }));
  api.refuses = null;
  await tended();
  expect([weightsOf(api), fronts.process?.shares]).toEqual([[20, 80], shares(0)]);
  expect(await front.set(shares(0), shares(80))).toEqual(ok(shares(0)));
  expect(weightsOf(api)).toEqual([100, 0]);
});

test('a rise that the API did not take is taken back', async () => {
  const { front, api, fronts } = await opened(10);
  api.refuses = 'noAnswer';
  expect(await front.set(shares(50), shares(10))).toEqual(fail('apiUnreachable', { name: 'lab' }));
  expect(fronts.process?.shares).toEqual(shares(10));
});

test('who raises the route by hand sends the edge no more than it was given', async () => {
  const { api, fronts, tended } = await opened(10);
  patchByHand(api, 80);
  await tended();
  expect(fronts.process?.shares).toEqual(shares(10));
  patchByHand(api, 0);
  await tended();
  expect(fronts.process?.shares).toEqual(shares(0));
});

test('a passage that begins anew deals what it was given, and a route that says more falls to it', async () => {
  const first = await opened(80);
  const { front, api, fronts, notes } = bench();
  api.route = first.api.route;
  expect(await front.open(config, shares(0))).toEqual(ok('started'));
  expect([weightsOf(api), fronts.process?.shares]).toEqual([[100, 0], shares(0)]);
  expect(notes).toEqual(['the edge’s share in the route was taken back to what it had been given']);
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
