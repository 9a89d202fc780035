import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeFile, writePrivately } from '../../platform/files.ts';
import type { Home } from '../../platform/home.ts';
import type { ProcessName, ProcessPorts } from './process-ports.ts';

const ref = { pid: z.number().int().min(1), startedAt: z.string() };

/** What the next engine finds a process by. `pid` and `startedAt` are a ProcessRef: never another process with its pid. */
const processRecordSchema = z.object({
  kind: z.enum(['haproxy', 'embedded', 'gate', 'relay']),
  ...ref,
  /** Its control socket, absolute. */
  socket: z.string(),
  /** `HOST:PORT`. */
  listen: z.string(),
  /** What was run: HAProxy's path, or that of out/engine/front.js. */
  program: z.string(),
  /** Those it took over from, as long as they live: a worker of HAProxy stays until its last stream ends. */
  before: z.array(z.object(ref)),
});
export type ProcessRecord = z.infer<typeof processRecordSchema>;

export function recordFileOf(home: Home, name: ProcessName): string {
  return join(home.run, `${name}.json`);
}

/** Null when there is none, or none that can be read. */
export async function readProcessRecord(home: Home, name: ProcessName): Promise<ProcessRecord | null> {
  try {
    return processRecordSchema.parse(JSON.parse(await readFile(recordFileOf(home, name), 'utf8')));
  } catch {
    return null;
  }
}

export async function writeProcessRecord(
  home: Home,
  name: ProcessName,
  record: ProcessRecord,
): Promise<void> {
  await writePrivately(recordFileOf(home, name), JSON.stringify(record));
}

/** A record that cannot be written (a full disk) costs no traffic: who answers on the socket is found without it. */
export async function recordOrWarn(
  { home, log }: Pick<ProcessPorts, 'home' | 'log'>,
  name: ProcessName,
  record: ProcessRecord,
): Promise<void> {
  await writeProcessRecord(home, name, record).catch((error: unknown) =>
    log.warn({ error: String(error) }, `${name}: its record cannot be written`),
  );
}

export async function removeProcessRecord(home: Home, name: ProcessName): Promise<void> {
  await removeFile(recordFileOf(home, name));
}
