import { afterEach, expect, test } from 'vitest';
import { startDemo, type RunningDemo } from './demo.ts';
import { eventually, processesBelow } from './tandem.ts';

// However the demo ends, and whenever: nothing of it stays.
let demo: RunningDemo;
afterEach(() => demo.close(), 120_000);

/** Its two engines, by their command lines; as soon as there are so many. */
const engines = (count: number): Promise<number[]> =>
  eventually(
    `${count} engines`,
    async () => {
      const found = processesBelow(demo.folder).filter((line) => line.includes('--role='));
      return found.length === count && found.map((line) => Number.parseInt(line, 10));
    },
    120_000,
  );
const nothingLeft = () => eventually('nothing left', async () => demo.left().length === 0, 120_000);

test('SIGTERM while it is still opening', async () => {
  demo = startDemo();
  await engines(2);
  demo.kill('SIGTERM');
  expect(await demo.ended).toBe(0);
  expect([demo.left(), demo.said.all, demo.stderr()]).toEqual([[], [], '']);
}, 240_000);

test('an engine that dies while it is opening: it fails with a sentence, and removes what it made', async () => {
  demo = startDemo();
  for (const pid of await engines(2)) process.kill(pid, 'SIGKILL');
  expect(await demo.ended).toBe(1);
  const said = JSON.parse(demo.stderr()) as { error: { code: string; message: string } };
  expect(said.error.code).toBe('internal');
  expect(said.error.message).not.toBe('');
  expect(demo.left()).toEqual([]);
}, 240_000);

test('kill -9 of the demo itself, under load', async () => {
  demo = startDemo('--load=20', '--front=embedded');
  await demo.ready();
  expect(processesBelow(demo.folder).length).toBeGreaterThan(6);
  demo.kill('SIGKILL');
  expect(await demo.ended).toBe('SIGKILL');
  await nothingLeft();
}, 360_000);

test('kill -9 of the demo and of what would have cleaned up: the engines end by themselves', async () => {
  demo = startDemo();
  const pids = await engines(2);
  const broom = processesBelow(demo.folder).find((line) => line.includes('--broom'));
  process.kill(Number.parseInt(broom ?? '', 10), 'SIGKILL');
  demo.kill('SIGKILL');
  await eventually(
    'no engine',
    async () => processesBelow(demo.folder).every((line) => !pids.includes(Number.parseInt(line, 10))),
    30_000,
  );
}, 240_000);
