import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fakeTime } from '../test/doubles/fake-time.ts';
import { temporaryFolder } from '../test/doubles/temporary-folder.ts';
import { cluster, operation, stopped, worlds } from '../test/doubles/worlds.ts';
import { fail, ok } from '../src-shared/errors/result.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
import type { World } from '../src-shared/world/world.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { homeAt } from './platform/home.ts';
import type { Platform } from './platform/platform.ts';
import { clusterStopper, readiness, upClusters, type StopperNeeds } from './wire-handoff-cluster.ts';
import { createWorldStore } from './world-store.ts';

const [some] = Object.values<World>(worlds);
const forever = (): Promise<void> => new Promise(() => undefined);

function bench(
  clusters: Cluster[],
  act: (verb: string, name: string) => Promise<unknown>,
  evict?: StopperNeeds['evict'],
) {
  const time = fakeTime();
  const home = homeAt(temporaryFolder('stopper'));
  const world = createWorldStore({ ...some!, primaryCluster: 'tandem', clusters }, time.clock.wall);
  const acts: string[] = [];
  const noted = (verb: string) => (name: string) => {
    acts.push(`${verb} ${name}`);
    return act(verb, name);
  };
  const room = {
    stop: noted('stop'),
    cancel: noted('cancel'),
    handlers: { 'cluster.start': ({ name }: { name: string }) => noted('start')(name) },
  } as unknown as ClusterRoom;
  const stopper = clusterStopper({
    platform: { ...time, home } as unknown as Platform,
    world,
    clusters: room,
    ...(evict === undefined ? {} : { evict }),
  });
  const set = (next: Cluster[]): void => world.write({ clusters: next });
  /** Real files are written before the first act: fake time alone does not wait for them. */
  const acted = (): Promise<void> => vi.waitFor(() => expect(acts.length).toBeGreaterThan(0), 4000);
  return { time, home, acts, stopper, set, acted };
}

test('what holds memory is up; what is coming up too; the primary first', () => {
  const states = [
    'running',
    'degraded',
    'paused',
    'partial',
    'stopping',
    'stopped',
    'absent',
    'unknown',
  ] as const;
  const clusters = [
    ...states.map((state) => cluster({ name: state, state })),
    stopped({ name: 'coming', operation: operation({ verb: 'start' }) }),
    cluster({ name: 'tandem' }),
  ];
  expect(upClusters(clusters, 'tandem').map(({ name }) => name)).toEqual([
    'tandem',
    'running',
    'degraded',
    'paused',
    'partial',
    'stopping',
    'coming',
  ]);
});

test('ready is what is running and at rest; nothing is unknown', () => {
  expect(readiness([cluster()], 'tandem')).toBe(true);
  expect(readiness([cluster({ operation: operation() })], 'tandem')).toBe(false);
  expect(readiness([stopped()], 'tandem')).toBe(false);
  expect(readiness([cluster({ state: 'unknown' })], 'tandem')).toBeNull();
  expect(readiness([cluster({ name: 'lab' })], 'tandem')).toBe(true);
  expect(readiness([cluster({ name: 'a' }), cluster({ name: 'b' })], 'tandem')).toBeNull();
  expect(readiness([], 'tandem')).toBeNull();
});

test('stops all that is up, and a start brings those back, over a restart of the engine', async () => {
  const { home, acts, stopper } = bench(
    [cluster({ name: 'lab' }), cluster(), stopped({ name: 'old' })],
    async () => ok(null),
  );
  expect(stopper.running()).toBe('tandem');
  expect(await stopper.stop(30_000)).toMatchObject({ ok: true, value: { forced: false } });
  expect(acts).toEqual(['stop tandem', 'stop lab']);
  expect(existsSync(join(home.run, 'left-clusters.json'))).toBe(true);
  expect(await stopper.start()).toEqual(ok(undefined));
  expect(acts.slice(2)).toEqual(['start tandem', 'start lab']);
  expect(existsSync(join(home.run, 'left-clusters.json'))).toBe(false);
});

test('the pods go before the nodes, within the time that the stop has', async () => {
  const course: string[] = [];
  const { stopper } = bench(
    [cluster(), cluster({ name: 'lab' })],
    async (verb, name) => ok(course.push(`${verb} ${name}`)),
    async (name, limitMs) => void course.push(`evict ${name} ${limitMs}`),
  );
  await stopper.stop(30_000);
  expect(course).toEqual(['evict tandem 30000', 'evict lab 30000', 'stop tandem', 'stop lab']);
});

test('one that is deleted meanwhile is nobody’s; one that does not fit is an error and is tried again', async () => {
  const answers = new Map<string, unknown>([
    ['start tandem', fail('memoryRefused')],
    ['start lab', fail('clusterUnknown', { name: 'lab' })],
  ]);
  const { acts, stopper } = bench(
    [cluster(), cluster({ name: 'lab' })],
    async (verb, name) => answers.get(`${verb} ${name}`) ?? ok(null),
  );
  await stopper.stop(30_000);
  expect(await stopper.start()).toMatchObject({ error: { code: 'memoryRefused' } });
  answers.delete('start tandem');
  expect(await stopper.start()).toEqual(ok(undefined));
  expect(acts.filter((act) => act === 'start tandem')).toHaveLength(2);
});

test('a start under way is cancelled first, then what is left is stopped', async () => {
  const starting = stopped({ operation: operation({ verb: 'start' }) });
  const { acts, stopper, set, acted } = bench([starting], async () => ok(null));
  const done = stopper.stop(30_000);
  await acted();
  expect(acts).toEqual(['cancel tandem']);
  // It listens for the change once the cancel is answered.
  await Promise.resolve();
  set([cluster({ state: 'partial', operation: null })]);
  expect(await done).toMatchObject({ ok: true });
  expect(acts).toEqual(['cancel tandem', 'stop tandem']);
});

test('what takes longer than its limit is forced, and the stop that fails is named', async () => {
  const slow = bench([cluster()], () => new Promise(() => undefined));
  const late = slow.stopper.stop(30_000);
  await slow.acted();
  await slow.time.advance(30_000);
  expect(await late).toMatchObject({ ok: true, value: { forced: true, stoppedMs: 30_000 } });
  const bad = bench([cluster()], async () => fail('dockerDown'));
  expect(await bad.stopper.stop(30_000)).toMatchObject({
    error: { code: 'stopFailed', params: { name: 'tandem', code: 'dockerDown' } },
  });
  expect(bad.time.pending()).toBe(0);
});

test('no cluster: nothing to stop, nothing to start', async () => {
  const { home, acts, stopper } = bench([], async () => ok(null));
  expect(stopper.running()).toBeNull();
  expect(await stopper.stop(30_000)).toMatchObject({ ok: true, value: { forced: false } });
  expect(await stopper.start()).toEqual(ok(undefined));
  expect(acts).toEqual([]);
  expect(existsSync(join(home.run, 'left-clusters.json'))).toBe(false);
});

test('what is in its way past the limit: the stop is called when it ends, and reported as it was', async () => {
  const busy = cluster({ operation: operation({ verb: 'drain' }) });
  const { time, acts, stopper, set } = bench([busy], async () => ok(null));
  const done = stopper.stop(30_000);
  await vi.waitFor(() => expect(time.pending()).toBeGreaterThan(0));
  await time.advance(35_000);
  expect(acts).toEqual([]);
  set([cluster()]);
  expect(await done).toMatchObject({ ok: true, value: { forced: false, stoppedMs: 35_000 } });
  expect(acts).toEqual(['stop tandem']);
  expect(time.pending()).toBe(0);
});

test('a stop that never began is no stop, forced or not', async () => {
  const starting = stopped({ operation: operation({ verb: 'start' }) });
  const { time, acts, acted, stopper, set } = bench([starting], async () => ok(null));
  const done = stopper.stop(30_000);
  await acted();
  await time.advance(50_000);
  expect(await done).toMatchObject({
    error: { code: 'stopFailed', params: { name: 'tandem', code: 'stepTimedOut' } },
  });
  // It has given up: nobody stops a cluster later that may be wanted again by then.
  set([cluster()]);
  await Promise.resolve();
  expect(acts).toEqual(['cancel tandem']);
  expect(time.pending()).toBe(0);
});

test('pods that take the whole time: no stop has begun, and none is said to have', async () => {
  const { time, acts, stopper } = bench([cluster()], async () => ok(null), forever);
  const done = stopper.stop(30_000);
  await vi.waitFor(() => expect(time.pending()).toBeGreaterThan(0), 4000);
  await time.advance(50_000);
  expect(await done).toMatchObject({ error: { code: 'stopFailed', params: { code: 'stepTimedOut' } } });
  expect([acts, time.pending()]).toEqual([[], 0]);
});

test('an eviction that ends only with the stop itself: nobody stops the cluster after it', async () => {
  const untilLate: StopperNeeds['evict'] = (_name, _limitMs, late) =>
    new Promise((resolve) => late.addEventListener('abort', () => resolve()));
  const { time, acts, stopper } = bench([cluster()], async () => ok(null), untilLate);
  const done = stopper.stop(30_000);
  await vi.waitFor(() => expect(time.pending()).toBeGreaterThan(0), 4000);
  await time.advance(50_000);
  expect(await done).toMatchObject({ error: { code: 'stopFailed' } });
  await time.advance(1000);
  expect(acts).toEqual([]);
});

test('pods that are asked late have what is left of the time', async () => {
  const given: number[] = [];
  const busy = cluster({ operation: operation({ verb: 'drain' }) });
  const evict = async (_name: string, limitMs: number): Promise<void> => void given.push(limitMs);
  const { time, stopper, set } = bench([busy], async () => ok(null), evict);
  const done = stopper.stop(30_000);
  await vi.waitFor(() => expect(time.pending()).toBeGreaterThan(0), 4000);
  await time.advance(12_000);
  set([cluster()]);
  await done;
  expect(given).toEqual([18_000]);
});
