import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { clusterVerbSchema } from '../../src-shared/world/clusters.ts';
import type { ProcessRef } from '../platform/processes.ts';

const entrySchema = z.object({
  name: z.string(),
  verb: clusterVerbSchema,
  step: z.string(),
  startedAt: z.string(),
  touched: z.boolean(),
  children: z.array(z.object({ pid: z.number().int(), startedAt: z.string() })),
});
/** An operation that was begun; on disk before its first step. */
export interface JournalEntry {
  readonly name: string;
  readonly verb: z.infer<typeof clusterVerbSchema>;
  readonly step: string;
  readonly startedAt: string;
  /** Something was begun that is more than a look. */
  readonly touched: boolean;
  readonly children: readonly ProcessRef[];
}

export interface Journal {
  /** Synchronous: the intent is on disk before the act, and a child's pid right after its birth. */
  write(entry: JournalEntry): void;
  clear(name: string): void;
  /** What a crash left open. */
  open(): Promise<JournalEntry[]>;
}

export function journalIn(folder: string): Journal {
  const fileOf = (name: string): string => join(folder, `operation-${name}.json`);
  return {
    write: (entry) => {
      // Whole or not at all: a crash in the middle leaves the former step, not half a line.
      const beside = `${fileOf(entry.name)}.new`;
      writeFileSync(beside, JSON.stringify(entry), { mode: 0o600, flush: true });
      renameSync(beside, fileOf(entry.name));
    },
    clear: (name) => rmSync(fileOf(name), { force: true }),
    open: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(folder)).filter((name) => /^operation-.+\.json$/.test(name));
      const entries = await Promise.all(names.map((name) => readEntry(join(folder, name))));
      return entries.filter((entry) => entry !== null);
    },
  };
}

async function readEntry(file: string): Promise<JournalEntry | null> {
  try {
    return entrySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Not ours, or of another version: nothing in it can be trusted.
    await rm(file, { force: true });
    return null;
  }
}
