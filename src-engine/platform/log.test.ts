import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { openLog } from './log.ts';

test('a log that grows past its limit is set aside while it is open, 0600 each, and one old one is kept', async () => {
  const folder = temporaryFolder('log');
  const log = openLog(folder, 'engine', {}, 1000);
  for (let line = 0; line < 60; line += 1) {
    log.info({ line }, 'a line');
    await setTimeout(1);
  }
  expect((await readdir(folder)).sort()).toEqual(['engine.log', 'engine.log.1']);
  const texts = [];
  for (const name of ['engine.log.1', 'engine.log']) {
    const { mode, size } = await stat(join(folder, name));
    expect(mode & 0o777).toBe(0o600);
    expect(size).toBeLessThan(1300);
    texts.push(await readFile(join(folder, name), 'utf8'));
  }
  const lines = texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((text) => (JSON.parse(text) as { line: number }).line);
  expect(lines).toEqual(lines.map((_, index) => 60 - lines.length + index));
});

test('a folder that is gone ends nothing', async () => {
  const folder = temporaryFolder('log');
  const log = openLog(folder, 'engine', {}, 10);
  await rm(folder, { recursive: true });
  log.info('one');
  await setTimeout(20);
  log.info('two');
  await setTimeout(20);
});
