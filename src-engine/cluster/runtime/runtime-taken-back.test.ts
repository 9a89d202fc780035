import { beforeEach, expect, test } from 'vitest';
import { runtimeBench } from '../../../test/doubles/runtime-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { nobody } from '../../../src-shared/commands/registry.ts';

type Bench = Awaited<ReturnType<typeof runtimeBench>>;
let b: Bench;
beforeEach(async () => {
  b = await runtimeBench(temporaryFolder('runtime-taken-back'));
  b.clusters.push({ name: 'lab', provider: 'kind', verb: 'start' });
  b.machine.up = false;
});

/** Runs to its end while time passes. */
async function within<T>(work: Promise<T>): Promise<T> {
  const state = { over: false };
  void work.then(() => (state.over = true));
  for (let turn = 0; turn < 1000 && !state.over; turn += 1) await b.time.advance(500);
  return work;
}
const startedFor = (cluster: string) => within(b.room.start(cluster));
const takenBack = (cluster: string) => within(b.room.takeBack(cluster));

test('a start that is rolled back takes back the machine that it has started', async () => {
  await startedFor('lab');
  await takenBack('lab');
  expect(b.machine.up).toBe(false);
  expect(b.changed.mock.calls.at(-1)).toEqual(['stop', 'Colima', 'rolledBack']);
});

test('one that was up before it stays up', async () => {
  b.machine.up = true;
  await startedFor('lab');
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
});

test('the start of another cluster takes nothing back that it has not started', async () => {
  await startedFor('lab');
  await takenBack('other');
  expect(b.machine.up).toBe(true);
});

test('nor does a later start of the same one, once anything was started in it as it was', async () => {
  await startedFor('lab');
  b.room.used();
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
});

test('nor one of a machine that somebody has stopped and started since', async () => {
  await startedFor('lab');
  b.machine.up = false;
  await b.room.look();
  b.machine.up = true;
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
});

test.each([
  ['a person never wants it', { policy: 'never' }],
  ['a person wants to be asked', { policy: 'offer' }],
  ['automation is off', { automation: false }],
  ['this Mac is a core', { role: 'core' }],
] as const)('it stays up where %s', async (_, change) => {
  await startedFor('lab');
  b.ports.current = { ...b.ports.current, ...change };
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
});

test('what a person asked for as well is not taken back, before or while it started', async () => {
  await startedFor('lab');
  await b.room.handlers['runtime.start']({}, nobody);
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
  b.machine.up = false;
  b.machine.tool = () => {
    b.time.scheduler.after(2000, () => (b.machine.up = true));
    return {};
  };
  const first = b.room.start('lab');
  await b.time.advance(500);
  await within(Promise.all([first, b.room.handlers['runtime.start']({}, nobody)]));
  b.machine.tool = () => null;
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
});

test('containers in it keep it up', async () => {
  await startedFor('lab');
  b.machine.containers = [{ Id: 'db-0123456789ab', Names: ['/db'], State: 'running' }];
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
  // What could not be looked into is not empty.
  b.machine.containers = null;
  await takenBack('lab');
  expect(b.machine.up).toBe(true);
});
