import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { homeAt, type Home } from './home.ts';
import { refOf } from './processes.ts';
import { lockHome } from './single-engine.ts';

let home: Home;
let file: string;
beforeEach(async () => {
  home = homeAt(temporaryFolder('lock'));
  file = join(home.run, 'engine.json');
  await mkdir(home.run);
});

const dead = JSON.stringify({ pid: process.pid, startedAt: 'before the last boot' });

test('a free home is taken and given back; nothing else stays in its folder', async () => {
  const lock = await lockHome(home);
  expect(lock.ok).toBe(true);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject((await refOf(process.pid))!);
  expect(await readdir(home.run)).toEqual(['engine.json']);
  if (lock.ok) await lock.value.release();
  expect(await readdir(home.run)).toEqual([]);
});

test('a living holder is not displaced, and is named', async () => {
  await writeFile(file, JSON.stringify(await refOf(process.ppid)));
  expect(await lockHome(home)).toMatchObject({
    ok: false,
    error: { code: 'engineAlreadyRunning', params: { pid: process.ppid } },
  });
});

test.each([
  ['a dead holder', dead],
  ['junk', '{"pid":'],
  ['nothing', ''],
  ['null', 'null'],
])('a lock with %s is taken over', async (_what, text) => {
  await writeFile(file, text);
  expect((await lockHome(home)).ok).toBe(true);
  expect(await readdir(home.run)).toEqual(['engine.json']);
});

test('a takeover that crashed half way does not bar the next', async () => {
  await writeFile(file, dead);
  await writeFile(`${file}.take`, dead);
  expect((await lockHome(home)).ok).toBe(true);
  expect(await readdir(home.run)).toEqual(['engine.json']);
});

test('of many takers at once one gets the dead lock', async () => {
  for (let round = 0; round < 10; round += 1) {
    await writeFile(file, dead);
    const results = await Promise.all(Array.from({ length: 6 }, () => lockHome(home)));
    const won = results.filter((result) => result.ok);
    expect(won).toHaveLength(1);
    for (const result of results) if (!result.ok) expect(result.error.code).toBe('engineAlreadyRunning');
    if (won[0]?.ok) await won[0].value.release();
    expect(await readdir(home.run)).toEqual([]);
  }
});

test('release leaves a lock that has become another', async () => {
  const lock = await lockHome(home);
  await writeFile(file, dead);
  if (lock.ok) await lock.value.release();
  expect(await readFile(file, 'utf8')).toBe(dead);
});
