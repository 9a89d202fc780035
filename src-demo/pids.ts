import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Mac } from './mac.ts';

const recordSchema = z.object({ pid: z.number().int().positive() });

/** The processes of a Mac by name: engine, front or gate, and the nodes of its cluster. */
export async function pidsOf({ home, engine }: Mac): Promise<Record<string, number>> {
  const files = [
    ...['front', 'gate', 'relay'].map((name) => join(home.run, `${name}.json`)),
    ...(await nodeFiles(join(home.clusters, 'embedded'))),
  ];
  const found = await Promise.all(
    files.map(async (file) => [basename(file, '.json'), await pidIn(file)] as const),
  );
  const known = found.filter((one): one is readonly [string, number] => one[1] !== null);
  return { ...(engine.pid === undefined ? {} : { engine: engine.pid }), ...Object.fromEntries(known) };
}

async function nodeFiles(folder: string): Promise<string[]> {
  const clusters = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    clusters.map(async (cluster) => {
      const names = await readdir(join(folder, cluster)).catch(() => []);
      return names.filter((name) => name.endsWith('.json')).map((name) => join(folder, cluster, name));
    }),
  );
  return files.flat();
}

async function pidIn(file: string): Promise<number | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, 'utf8'))).pid;
  } catch {
    return null;
  }
}
