import { beforeEach, describe, expect, test, vi } from 'vitest';
import { runtimeBench } from '../../../test/doubles/runtime-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { nobody } from '../../../src-shared/commands/registry.ts';
import { ok } from '../../../src-shared/errors/result.ts';

let folder: string;
beforeEach(() => void (folder = temporaryFolder('runtime-room')));
const bench = async () => runtimeBench(folder);
type Bench = Awaited<ReturnType<typeof bench>>;

const start = ({ room }: Bench) => room.handlers['runtime.start']({}, nobody);
const stop = ({ room }: Bench, force = false, yes = false) =>
  room.handlers['runtime.stop']({ force, yes }, nobody);
const container = (name: string) => ({ Id: `${name}-0123456789ab`, Names: [`/${name}`], State: 'running' });
const node = { ...container('lab-control-plane'), Labels: { 'io.x-k8s.kind.cluster': 'lab' } };
/** A cluster of ours that stands in it, stopped. */
function standing({ clusters, machine }: Bench): void {
  clusters.push({ name: 'lab', provider: 'kind', verb: null });
  machine.containers = [{ ...node, State: 'exited' }];
}
const reasons = [
  { metric: 'memory.level', stage: 'stop', value: 4, limit: 4, since: '2026-01-01T00:00:00.000Z' },
] as const;
/** What decides, from now on. */
function decided({ ports }: Bench, change: Partial<Bench['ports']['current']>): void {
  ports.current = { ...ports.current, ...change };
}

/** Runs to its end while time passes. */
async function within<T>({ time }: Bench, work: Promise<T>): Promise<T> {
  const state = { over: false };
  void work.then(() => (state.over = true));
  for (let turn = 0; turn < 1000 && !state.over; turn += 1) await time.advance(500);
  return work;
}

describe('start', () => {
  test('the tool has ended well, and the daemon still has to answer', async () => {
    const b = await bench();
    b.machine.up = false;
    b.machine.tool = () => {
      b.time.scheduler.after(5000, () => (b.machine.up = true));
      return {};
    };
    expect(await within(b, start(b))).toMatchObject({ ok: true, value: { state: 'running' } });
    expect(b.lines).toEqual(['colima start --profile default']);
    expect(b.changed.mock.calls).toEqual([['start', 'Colima', 'asked']]);
  });

  test('one that never answers is named, and how long it was waited for', async () => {
    const b = await bench();
    b.machine.up = false;
    b.machine.tool = () => ({});
    expect(await within(b, start(b))).toMatchObject({
      error: { code: 'runtimeStartSilent', params: { runtime: 'Colima', limitSeconds: 60 } },
    });
  });

  test('what its tool complains about is no failure when the daemon answers all the same', async () => {
    const b = await bench();
    b.machine.up = false;
    b.machine.tool = () => {
      b.machine.up = true;
      return { exitCode: 1, stderr: 'FATA[0009] error provisioning kubernetes' };
    };
    expect((await within(b, start(b))).ok).toBe(true);
  });

  test('up already: no tool is run, and nothing is news', async () => {
    const b = await bench();
    expect((await start(b)).ok).toBe(true);
    expect([b.lines, b.changed.mock.calls]).toEqual([[], []]);
  });

  test('two that come at once are one; a stop meanwhile is refused by name', async () => {
    const b = await bench();
    b.machine.up = false;
    b.machine.tool = () => {
      b.time.scheduler.after(2000, () => (b.machine.up = true));
      return {};
    };
    const both = Promise.all([start(b), b.room.start('lab')]);
    await b.time.advance(500);
    expect(b.room.get()?.state).toBe('starting');
    expect(await stop(b)).toMatchObject({ error: { code: 'runtimeBusy', params: { verb: 'start' } } });
    const results = await within(b, both);
    expect(results.map(({ ok: well }) => well)).toEqual([true, true]);
    expect(b.lines).toHaveLength(1);
  });

  test('an older Docker Desktop has no verbs: it is opened as an app', async () => {
    const b = await bench();
    Object.assign(b.machine, { up: false, socket: '/Users/me/.docker/run/docker.sock' });
    b.machine.tool = (line) => {
      if (line.startsWith('docker'))
        return { exitCode: 1, stderr: "docker: 'desktop' is not a docker command." };
      b.machine.up = true;
      return {};
    };
    expect((await within(b, start(b))).ok).toBe(true);
    expect(b.lines).toEqual(['docker desktop start', 'open -ga Docker']);
  });

  test('its tool is nowhere', async () => {
    const b = await bench();
    Object.assign(b.machine, { up: false, socket: '/Users/me/.orbstack/run/docker.sock' });
    b.machine.tool = () => ({ exitCode: null, failure: 'missing' });
    expect(await within(b, start(b))).toMatchObject({
      error: { code: 'runtimeToolMissing', params: { runtime: 'OrbStack', tool: 'orb' } },
    });
  });
});

describe('stop', () => {
  test('one that still answers is not stopped', async () => {
    const b = await bench();
    b.machine.tool = () => ({});
    expect(await within(b, stop(b))).toMatchObject({ error: { code: 'runtimeStillUp' } });
    expect(b.changed).not.toHaveBeenCalled();
  });

  test('down already is as it should be', async () => {
    const b = await bench();
    b.machine.up = false;
    expect(await stop(b)).toMatchObject({ ok: true, value: { state: 'stopped' } });
    expect(b.lines).toEqual([]);
  });

  test('a machine of OrbStack’s that a person works in keeps it up', async () => {
    const b = await bench();
    const orbstack = { operatingSystem: 'OrbStack', hostName: 'orbstack' };
    const socket = '/home/me/.orbstack/run/docker.sock';
    Object.assign(b.machine, { ...orbstack, socket, machines: ['devbox'] });
    expect(await stop(b)).toMatchObject({
      error: { code: 'runtimeHoldsOthers', params: { count: 1, names: 'devbox' } },
    });
  });

  test('what came while our clusters stopped is looked at again', async () => {
    const b = await bench();
    b.clusters.push({ name: 'lab', provider: 'kind', verb: null });
    b.machine.containers = [node];
    b.ports.stopCluster = async () => {
      b.machine.containers = [container('late')];
      return ok(undefined);
    };
    expect(await stop(b, false, true)).toMatchObject({
      error: { code: 'runtimeHoldsOthers', params: { names: 'late' } },
    });
    expect(b.lines).toEqual([]);
  });

  test('never under a running operation', async () => {
    const b = await bench();
    b.clusters.push({ name: 'lab', provider: 'kind', verb: 'create' });
    expect(await stop(b, true, true)).toMatchObject({ error: { code: 'clusterBusy' } });
  });
});

describe('memory', () => {
  test('an offer while nothing runs in it; a look is no process', async () => {
    const b = await bench();
    expect((await b.room.look()).offer).toBe('idle');
    b.machine.containers = [container('db')];
    expect((await b.room.look()).offer).toBeNull();
    await b.time.advance(600_000);
    expect(b.lines).toEqual([]);
  });

  test('at stage stop it is stopped once; one that a person starts then is left alone until the next time', async () => {
    const b = await bench();
    standing(b);
    await b.room.look();
    decided(b, { vitals: { reasons: [...reasons] } });
    b.room.reconsider();
    await vi.waitFor(() => expect(b.changed.mock.calls).toEqual([['stop', 'Colima', 'memory']]));
    expect(b.machine.up).toBe(false);
    await start(b);
    for (let round = 0; round < 3; round += 1) await b.room.look();
    expect(b.machine.up).toBe(true);
    // Memory recovers, and runs out again.
    decided(b, { vitals: { reasons: [] } });
    b.room.reconsider();
    decided(b, { vitals: { reasons: [...reasons] } });
    b.room.reconsider();
    await vi.waitFor(() => expect(b.machine.up).toBe(false));
  });

  test.each<[string, (b: Bench) => void, string | null]>([
    ['a build runs in it', ({ machine }) => (machine.building = true), null],
    ['nobody can tell whether one does', ({ machine }) => (machine.building = null), null],
    ['no cluster of ours stands in it', ({ machine }) => (machine.containers = []), 'memory'],
  ])('at stage stop it is left alone while %s', async (_, change, offer) => {
    const b = await bench();
    standing(b);
    change(b);
    decided(b, { vitals: { reasons: [...reasons] } });
    expect((await b.room.look()).offer).toBe(offer);
    await b.time.advance(600_000);
    expect([b.lines, b.machine.up]).toEqual([[], true]);
    // It was nothing else that held it.
    standing(b);
    b.machine.building = false;
    await b.room.look();
    await vi.waitFor(() => expect(b.machine.up).toBe(false));
  });

  test('what the machine holds is asked of a node of ours, at most each five minutes, and at once for a start', async () => {
    const b = await bench();
    b.clusters.push({ name: 'lab', provider: 'kind', verb: null });
    Object.assign(b.machine, { containers: [node], touchedBytes: 1e9 });
    await b.room.look();
    expect((await b.room.look()).vm?.touchedBytes).toBe(1e9);
    b.machine.touchedBytes = 2e9;
    expect((await b.room.look()).vm?.touchedBytes).toBe(1e9);
    const need = await b.room.need({ needBytes: 1, touchedBytes: 0 }, { nodes: 1 } as never);
    expect(need).toMatchObject({
      touchedBytes: 2e9,
      inside: { weighed: { runtime: 'Colima', basis: 'guest' } },
    });
  });

  test('of one that does not say whether it is up, nobody knows what it holds', async () => {
    const b = await bench();
    await b.room.look();
    b.machine.silent = true;
    const need = await b.room.need({ needBytes: 2e9, touchedBytes: 0 }, { nodes: 1 } as never);
    expect(need).toMatchObject({ touchedBytes: 0, inside: { weighed: { touchedBytes: null } } });
  });
});
