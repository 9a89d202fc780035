import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { historyRecordSchema, type HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { makePrivateFolder } from '../platform/files.ts';
import { linesFromEnd } from './reverse-lines.ts';

/** Design limits, Documents: a line is at most 16 KiB, the file rotates at 16 MiB, one year is kept. */
const MAX_LINE_BYTES = 16 * 1024;
const ROTATE_BYTES = 16 * 1024 * 1024;
const KEEP_MS = 365 * 24 * 3600 * 1000;

/** Appends one record; rotates first when the file has grown to `rotateBytes`. */
export async function appendRecord(
  file: string,
  record: HistoryRecord,
  now: Date,
  rotateBytes = ROTATE_BYTES,
): Promise<void> {
  await makePrivateFolder(dirname(file));
  await rotate(file, now, rotateBytes);
  const handle = await open(file, 'a+', 0o600);
  try {
    await handle.chmod(0o600);
    // A crash in the middle of a write leaves half a line: it must not swallow this record too.
    const start = (await endsInsideLine(handle)) ? '\n' : '';
    await handle.appendFile(`${start}${fit(record)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function endsInsideLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** The record as a line; evidence that would make it too long is left out, and that is said. */
export function fit(record: HistoryRecord): string {
  const line = JSON.stringify(record);
  if (Buffer.byteLength(line) < MAX_LINE_BYTES) return line;
  return JSON.stringify({
    ...record,
    what: record.what.slice(0, 1000),
    why: record.why?.slice(0, 1000) ?? null,
    evidence: { leftOutBytes: Buffer.byteLength(line) },
  });
}

async function rotate(file: string, now: Date, rotateBytes: number): Promise<void> {
  const size = await stat(file).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size < rotateBytes) return;
  await rename(file, join(dirname(file), `history-${now.toISOString().replaceAll(':', '-')}.jsonl`));
  for (const old of await rotated(file)) {
    const { mtimeMs } = await stat(old);
    if (now.getTime() - mtimeMs > KEEP_MS) await rm(old);
  }
}

/** Rotated files, newest first. */
async function rotated(file: string): Promise<string[]> {
  const names = await readdir(dirname(file)).catch(() => []);
  return names
    .filter((name) => name.startsWith('history-') && name.endsWith('.jsonl') && name !== basename(file))
    .sort()
    .reverse()
    .map((name) => join(dirname(file), name));
}

/** Records from newest to oldest, over all files; a line that is no record is passed over. */
export async function* recordsFromEnd(file: string): AsyncGenerator<HistoryRecord> {
  for (const path of [file, ...(await rotated(file))])
    for await (const line of linesFromEnd(path)) {
      const record = parseRecord(line);
      if (record !== null) yield record;
    }
}

function parseRecord(line: string): HistoryRecord | null {
  try {
    const parsed = historyRecordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    // Half a line, from a crash in the middle of a write.
    return null;
  }
}
