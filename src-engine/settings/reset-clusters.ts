import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivately } from '../platform/files.ts';

const registrySchema = z.looseObject({ clusters: z.array(z.looseObject({ name: z.string() })) });

/** What of a folder went, and what stayed; absolute paths. */
export interface Cleared {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/**
 * Empties the folder of the clusters, but for what the clusters `foreign` need that go on to live in somebody
 * else's care: their entries in registry.json, so that they stay known, and their files under kind/ and minikube/ (a
 * kubeconfig of a running cluster cannot be had again without its tool).
 */
export async function clearClusters(folder: string, foreign: readonly string[]): Promise<Cleared> {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name === 'registry.json') {
      await keepEntries(path, foreign);
      kept.push(path);
    } else if (name === 'kind' || name === 'minikube') {
      for (const file of await readdir(path)) {
        // NAME.kubeconfig, NAME.json and the like; an adopted cluster's name may have dots of its own.
        const isKept = foreign.some((name) => file.startsWith(`${name}.`));
        if (!isKept) await rm(join(path, file), { recursive: true, force: true });
        (isKept ? kept : removed).push(join(path, file));
      }
    } else {
      await rm(path, { recursive: true, force: true });
      removed.push(path);
    }
  }
  return { removed, kept };
}

async function keepEntries(file: string, names: readonly string[]): Promise<void> {
  const registry = registrySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const clusters = registry.clusters.filter(({ name }) => names.includes(name));
  await writePrivately(file, JSON.stringify({ ...registry, clusters }, null, 2));
}
