import { appendFile, readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { appendRecord, fit, recordsFromEnd } from './history-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder('history');
  file = join(folder, 'history.jsonl');
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const record = (id: number, evidence: HistoryRecord['evidence'] = {}): HistoryRecord => ({
  id: String(id),
  at: at(id).toISOString(),
  kind: 'test.event',
  what: `event ${id}`,
  why: null,
  evidence,
});
async function ids(): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of recordsFromEnd(file)) found.push(id);
  return found;
}

test('rotates past the limit, 0600 each, and reads over all files, newest first', async () => {
  for (let id = 1; id <= 12; id += 1) await appendRecord(file, record(id), at(id), 300);
  const names = await readdir(folder);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  expect(await ids()).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
});

test('what was rotated more than a year ago goes with the next rotation', async () => {
  for (let id = 1; id <= 2; id += 1) await appendRecord(file, record(id), at(id), 1);
  const [rotated] = (await readdir(folder)).filter((name) => name.startsWith('history-'));
  await utimes(join(folder, rotated!), 0, 0);
  await appendRecord(file, record(3), at(3), 1);
  expect(await ids()).toEqual(['3', '2']);
});

test('half a line from a crash costs no other record', async () => {
  await appendRecord(file, record(1), at(1));
  await appendFile(file, '{"id":"half');
  await appendRecord(file, record(2), at(2));
  expect(await ids()).toEqual(['2', '1']);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);
});

test('evidence that makes a line too long is left out, and that is said', () => {
  const line = fit(record(1, { output: 'x'.repeat(20_000) }));
  expect(Buffer.byteLength(line)).toBeLessThan(16 * 1024);
  expect(JSON.parse(line)).toMatchObject({ id: '1', evidence: { leftOutBytes: expect.any(Number) } });
});
