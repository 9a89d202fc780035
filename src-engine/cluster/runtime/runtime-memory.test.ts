import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { openRuntimeMemory } from './runtime-memory.ts';

const GIB = 2 ** 30;
const colima = { name: 'colima', profile: 'default' } as const;
const reading = (bootId: string, gib: number) => ({ bootId, totalBytes: 4 * GIB, touchedBytes: gib * GIB });
let folder: string;
beforeEach(() => void (folder = temporaryFolder('runtime-memory')));

test('which answered last outlives the engine', async () => {
  const memory = await openRuntimeMemory(folder);
  expect(memory.last()).toBeNull();
  memory.answered(colima, '/c.sock', 4 * GIB, 2);
  await memory.settled();
  expect((await openRuntimeMemory(folder)).last()).toEqual({
    ref: colima,
    socket: '/c.sock',
    guestTotalBytes: 4 * GIB,
    cpus: 2,
  });
});

test('what the present run holds is known until it goes down; what it taught stays', async () => {
  const memory = await openRuntimeMemory(folder);
  for (const [run, gib] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    memory.read(colima, 4 * GIB, reading(run, gib));
  memory.read(colima, 4 * GIB, reading('c', 1));
  expect(memory.touchedBytes(colima, 4 * GIB)).toBe(3 * GIB);
  memory.wentDown();
  expect(memory.touchedBytes(colima, 4 * GIB)).toBeNull();
  await memory.settled();
  const next = await openRuntimeMemory(folder);
  // Another engine cannot know that it is the same run.
  expect(next.touchedBytes(colima, 4 * GIB)).toBeNull();
  expect(next.learnedBytes(colima, 4 * GIB)).toBe(3 * GIB);
});

test('another size is another profile', async () => {
  const memory = await openRuntimeMemory(folder);
  for (const run of ['a', 'b', 'c']) memory.read(colima, 4 * GIB, reading(run, 3));
  expect(memory.learnedBytes(colima, 8 * GIB)).toBeNull();
  expect(memory.touchedBytes(colima, 8 * GIB)).toBeNull();
});

test('a file that is not ours any more is as none', async () => {
  writeFileSync(join(folder, 'runtime.json'), '{"runs":[]');
  expect((await openRuntimeMemory(folder)).last()).toBeNull();
});
