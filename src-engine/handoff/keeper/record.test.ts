import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { departed } from '../../../test/doubles/keeper-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { recordOnDisk, type KeeperRecord, type RecordStore } from './record.ts';

let file: string;
let store: RecordStore;
beforeEach(() => {
  file = join(temporaryFolder('record'), 'handoff.json');
  store = recordOnDisk(file);
});

const wallMs = Date.parse('2026-01-01T12:00:00.000Z');
function record(): KeeperRecord {
  const { live: _live, ...kept } = departed('DRAINING').state;
  return kept;
}

test('what was written is read, and its times are of the clock that reads', async () => {
  const written = record();
  await store.write(written, { ms: 5_000, wallMs }, 'counters');
  // The next engine's clock begins at 0; 7 s went by.
  const read = await store.read({ ms: 100, wallMs: wallMs + 7_000 });
  const byMs = 100 - 5_000 - 7_000;
  expect(read).toMatchObject({
    kind: 'found',
    record: {
      state: 'DRAINING',
      epoch: written.epoch,
      sinceMs: written.sinceMs + byMs,
      deadlineAtMs: (written.deadlineAtMs ?? 0) + byMs,
      steps: written.steps.map((step) => ({ step: step.step, startedMs: step.startedMs + byMs })),
    },
  });
});

test('a wall clock that was set back makes nothing younger than it was', async () => {
  await store.write(record(), { ms: 5_000, wallMs }, null);
  const read = await store.read({ ms: 5_000, wallMs: wallMs - 3_600_000 });
  expect(read).toMatchObject({ record: { sinceMs: record().sinceMs } });
});

test('no file is no record', async () => {
  expect(await store.read({ ms: 0, wallMs })).toEqual({ kind: 'none' });
});

test('a file cut in half is set aside, whole, and named', async () => {
  await store.write(record(), { ms: 0, wallMs }, null);
  const text = await readFile(file, 'utf8');
  const half = text.slice(0, text.length / 2);
  await writeFile(file, half);
  const read = await store.read({ ms: 0, wallMs });
  expect(read.kind).toBe('unreadable');
  const setAside = read.kind === 'unreadable' ? read.setAside : '';
  expect(await readFile(setAside, 'utf8')).toBe(half);
  expect(await store.read({ ms: 0, wallMs })).toEqual({ kind: 'none' });
});

test('a record of a pair with another Mac rules nothing: set aside, whole, and named', async () => {
  const [before, now] = ['aa'.repeat(32), 'bb'.repeat(32)];
  await recordOnDisk(file, before).write(record(), { ms: 0, wallMs }, null);
  const text = await readFile(file, 'utf8');
  expect((await recordOnDisk(file, before).read({ ms: 0, wallMs })).kind).toBe('found');
  const read = await recordOnDisk(file, now).read({ ms: 0, wallMs });
  expect(read.kind).toBe('other');
  expect(await readFile(read.kind === 'other' ? read.setAside : '', 'utf8')).toBe(text);
  expect(await recordOnDisk(file, now).read({ ms: 0, wallMs })).toEqual({ kind: 'none' });
});

test('a record of a shape that is not ours is set aside too', async () => {
  await writeFile(file, JSON.stringify({ savedAt: 'yesterday', record: { state: 'SERVING' } }));
  expect((await store.read({ ms: 0, wallMs })).kind).toBe('unreadable');
  expect(await readdir(join(file, '..'))).toEqual([expect.stringContaining('unreadable')]);
});
