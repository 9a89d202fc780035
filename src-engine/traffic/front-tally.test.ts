import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeFronts } from '../../test/doubles/fake-front.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { frontTally, type FrontTally } from './front-tally.ts';
import type { FrontAdapter, FrontConfig } from './ports.ts';

const config: FrontConfig = {
  listen: { host: '127.0.0.1', port: 1 },
  core: { host: '127.0.0.1', port: 2, healthPath: '/' },
  edge: null,
};

async function bench() {
  const folder = temporaryFolder('tally');
  const fronts = fakeFronts();
  const front = fronts.make('haproxy');
  await front.open(config, { core: 100, edge: 0 });
  return { folder, fronts, front };
}

async function coreRequests(tally: FrontTally, front: FrontAdapter): Promise<number> {
  const read = await tally.read(front);
  if (!read.ok) throw new Error(read.error.code);
  return read.value.core.requests;
}

test('a front that was started anew, and then another engine: the count goes on', async () => {
  const { folder, fronts, front } = await bench();
  const tally = frontTally(folder);
  fronts.serve(10);
  expect(await coreRequests(tally, front)).toBe(10);
  fronts.process = null;
  await front.open(config, { core: 100, edge: 0 });
  fronts.serve(5);
  expect(await coreRequests(tally, front)).toBe(15);
  await expect
    .poll(() => readFile(join(folder, 'traffic-counters.json'), 'utf8').catch(() => ''))
    .not.toBe('');
  fronts.serve(1);
  expect(await coreRequests(frontTally(folder), front)).toBe(16);
});

test('a front that cannot be asked has no count, and a file that cannot be read is none', async () => {
  const { folder, fronts, front } = await bench();
  await writeFile(join(folder, 'traffic-counters.json'), '{"core":');
  fronts.serve(3);
  const tally = frontTally(folder);
  expect(await coreRequests(tally, front)).toBe(3);
  fronts.fails.set('counters', { code: 'frontDown', params: {} });
  expect(await tally.read(front)).toMatchObject({ ok: false, error: { code: 'frontDown' } });
});
