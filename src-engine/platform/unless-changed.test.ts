import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { removeFile, writeWhole } from './files.ts';
import { readUnlessChanged } from './unless-changed.ts';

let folder = '';
let file = '';
let readings = 0;
let read: () => Promise<Result<string>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-unless-'));
  file = join(folder, 'one');
  readings = 0;
  read = readUnlessChanged([file, join(folder, 'two')], async () => {
    readings += 1;
    const text = await readFile(file, 'utf8').catch(() => null);
    return text === null ? fail('notPaired') : ok(text);
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads once what stays as it is', async () => {
  await writeFile(file, 'a');
  expect([await read(), await read(), await read()]).toEqual([ok('a'), ok('a'), ok('a')]);
  expect(readings).toBe(1);
});

it('reads again after a file was replaced, written in place, or lost its mode', async () => {
  await writeFile(file, 'a');
  await read();
  await writeWhole(file, 'b');
  expect(await read()).toEqual(ok('b'));
  await writeFile(file, 'cc');
  expect(await read()).toEqual(ok('cc'));
  await chmod(file, 0o644);
  await read();
  expect(readings).toBe(4);
});

it('reads again when a file comes and when it goes', async () => {
  await writeFile(file, 'a');
  await read();
  await writeFile(join(folder, 'two'), '');
  await read();
  expect(readings).toBe(2);
  await removeFile(file);
  expect(await read()).toEqual(fail('notPaired'));
});

it('keeps no failure', async () => {
  expect(await read()).toEqual(fail('notPaired'));
  expect(await read()).toEqual(fail('notPaired'));
  expect(readings).toBe(2);
});
