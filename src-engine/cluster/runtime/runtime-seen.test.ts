import { beforeEach, describe, expect, test } from 'vitest';
import { runtimeBench } from '../../../test/doubles/runtime-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { nobody } from '../../../src-shared/commands/registry.ts';

type Bench = Awaited<ReturnType<typeof runtimeBench>>;
const GIB = 2 ** 30;
let b: Bench;
beforeEach(async () => {
  b = await runtimeBench(temporaryFolder('runtime-seen'));
});
const status = async () => {
  const result = await b.room.handlers['runtime.status']({}, nobody);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const stop = (force = false) => b.room.handlers['runtime.stop']({ force, yes: false }, nobody);
async function within<T>(work: Promise<T>): Promise<T> {
  const state = { over: false };
  void work.then(() => (state.over = true));
  for (let turn = 0; turn < 1000 && !state.over; turn += 1) await b.time.advance(500);
  return work;
}

describe('one that does not say whether it is up', () => {
  test('is not stopped, neither for the screens nor for its stop', async () => {
    b.machine.silent = true;
    expect(await b.room.look()).toMatchObject({ state: 'unknown', startable: false });
    expect(await stop()).toMatchObject({ error: { code: 'runtimeContentsUnknown' } });
    expect(b.lines).toEqual([]);
  });

  test('and lets nobody in: it is not started, and said by name', async () => {
    b.machine.denied = true;
    expect(await b.room.look()).toMatchObject({ state: 'unknown', startable: false });
    expect(await b.room.start('lab')).toEqual({ ok: false, error: { code: 'dockerDenied', params: {} } });
    expect(b.lines).toEqual([]);
  });

  test('keeps what this run of it was seen to hold', async () => {
    b.clusters.push({ name: 'lab', provider: 'kind', verb: null });
    const labels = { 'io.x-k8s.kind.cluster': 'lab' };
    b.machine.containers = [{ Id: 'x', Names: ['/lab-control-plane'], State: 'running', Labels: labels }];
    b.machine.touchedBytes = 1e9;
    await b.room.look();
    b.machine.silent = true;
    await b.room.look();
    Object.assign(b.machine, { silent: false, touchedBytes: null });
    expect((await b.room.look()).vm?.touchedBytes).toBe(1e9);
  });
});

describe('several places', () => {
  test('a socket that a crash has left hides none that answers; everybody is told', async () => {
    b.machine.dead = ['/home/me/.docker/run/docker.sock'];
    expect(await b.room.look()).toMatchObject({ name: 'colima', state: 'running', socket: b.machine.socket });
    expect(b.found.mock.lastCall).toEqual([b.machine.socket]);
  });

  test('none answers: the one that did last is meant, else the likeliest', async () => {
    b.machine.dead = ['/home/me/.docker/run/docker.sock'];
    b.machine.up = false;
    expect(await b.room.look()).toMatchObject({ name: 'docker-desktop', state: 'stopped' });
    b.machine.up = true;
    await b.room.look();
    b.machine.up = false;
    expect(await b.room.look()).toMatchObject({ name: 'colima', state: 'stopped' });
  });

  test('one that may be up comes before one that is surely down', async () => {
    Object.assign(b.machine, { dead: ['/home/me/.docker/run/docker.sock'], silent: true });
    expect(await b.room.look()).toMatchObject({ name: 'colima', state: 'unknown' });
  });
});

test('a daemon on a socket that is no place of its runtime: nothing of this Mac is stopped for it, or offered', async () => {
  b.machine.socket = '/tmp/forwarded.sock';
  b.ports.hand.endpoints = () => [
    { path: '/tmp/forwarded.sock', by: 'environment', context: null, target: null, isPlace: false },
  ];
  expect(await b.room.look()).toMatchObject({ name: 'other', state: 'running', offer: null });
  expect(await stop(true)).toMatchObject({ error: { code: 'runtimeUnknown' } });
  expect(b.lines).toEqual([]);
});

test.each([
  ['colima', { name: 'colima', state: 'stopped', startable: true }],
  ['my-server', { name: 'other', state: 'unknown', startable: false }],
])('a context %s that Docker has lost', async (context, expected) => {
  b.ports.hand.endpoints = () => [{ path: null, by: 'lostContext', context, target: null, isPlace: false }];
  expect(await b.room.look()).toMatchObject(expected);
});

describe('what is no container', () => {
  beforeEach(() => Object.assign(b.machine, { operatingSystem: 'OrbStack', hostName: 'orbstack' }));
  const orbstack = { socket: '/home/me/.orbstack/run/docker.sock' };

  test('OrbStack did not say which machines run: nothing is offered, and a stop has to be meant', async () => {
    Object.assign(b.machine, orbstack, { machines: null });
    expect(await b.room.look()).toMatchObject({ containers: null, offer: null });
    expect(await stop()).toMatchObject({ error: { code: 'runtimeContentsUnknown' } });
    expect(b.machine.up).toBe(true);
    expect((await within(stop(true))).ok).toBe(true);
  });

  test('its machines are asked for once in each run, and anew before a stop', async () => {
    Object.assign(b.machine, orbstack, { machines: ['devbox'] });
    expect((await b.room.look()).containers).toMatchObject({ others: 1, names: ['devbox'] });
    b.machine.machines = [];
    expect((await b.room.look()).containers).toMatchObject({ others: 1 });
    expect((await within(stop())).ok).toBe(true);
  });

  test('a build counts among the containers of others', async () => {
    Object.assign(b.machine, orbstack, { building: true });
    expect((await b.room.look()).containers).toMatchObject({ others: 1, names: ['docker build'] });
    expect(await stop()).toMatchObject({ error: { code: 'runtimeHoldsOthers' } });
  });
});

describe('its size', () => {
  const sized = async () => (await b.room.look()).vm?.memoryBytes;
  test('by its own tool, until another run of it begins', async () => {
    b.ports.hand.size = async () => ({ memoryBytes: 8 * GIB, cpus: 4 });
    expect((await status()).vm?.memoryBytes).toBe(4 * GIB);
    expect(await sized()).toBe(4 * GIB);
    // Stopped, given more, and started again, seen or not.
    b.machine.up = false;
    await b.room.look();
    b.machine.up = true;
    expect(await sized()).toBe(8 * GIB);
    expect((await status()).vm?.memoryBytes).toBe(4 * GIB);
    b.machine.guestTotalBytes = 7.8 * GIB;
    expect(await sized()).toBe(8 * GIB);
  });

  test('never less than its guest sees', async () => {
    b.ports.hand.size = async () => ({ memoryBytes: 2 * GIB, cpus: 2 });
    expect(await sized()).toBe(4e9);
  });
});

describe('how old a look is', () => {
  test('what was seen keeps its time when it is drawn anew', async () => {
    const { sampledAt } = await b.room.look();
    await b.time.advance(30_000);
    b.room.reconsider();
    expect(b.room.get()).toMatchObject({ sampledAt });
  });

  test('three rounds without another look make it old, and nothing is offered on it', async () => {
    expect((await b.room.look()).offer).toBe('idle');
    const { info } = b.ports.hand;
    b.ports.hand.info = () => new Promise(() => undefined);
    await b.time.advance(180_000);
    expect(b.room.get()).not.toHaveProperty('stale');
    await b.time.advance(60_000);
    expect(b.room.get()).toMatchObject({ stale: true, offer: null });
    b.ports.hand.info = info;
  });
});

describe('a start that another one is at', () => {
  beforeEach(() => {
    b.machine.up = false;
    b.machine.tool = () => ({ exitCode: 1, stderr: 'FATA[0001] instance "colima" is locked' });
  });
  const started = () => within(b.room.start('lab'));

  test('as by an engine that was killed: waited for while its tool is at it', async () => {
    b.machine.atStart = true;
    b.time.scheduler.after(40_000, () => Object.assign(b.machine, { up: true, atStart: false }));
    expect(await started()).toEqual({ ok: true, value: undefined });
  });

  test('or while its machine runs', async () => {
    b.machine.colima = [{ name: 'default', status: 'Running', size: { memoryBytes: 4 * GIB, cpus: 2 } }];
    b.time.scheduler.after(20_000, () => (b.machine.up = true));
    expect((await started()).ok).toBe(true);
  });

  test('nobody is: its complaint is the reason', async () => {
    b.time.scheduler.after(40_000, () => (b.machine.up = true));
    expect(await started()).toMatchObject({ error: { code: 'runtimeStartFailed' } });
    expect(b.time.clock.monotonicMs()).toBeLessThan(10_000);
  });

  test('nor is it waited for for ever', async () => {
    b.machine.atStart = true;
    expect(await started()).toMatchObject({ error: { code: 'runtimeStartFailed' } });
    expect(b.time.clock.monotonicMs()).toBeLessThan(90_000);
  });
});
