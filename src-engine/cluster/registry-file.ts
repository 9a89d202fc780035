import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { providerSchema } from '../../src-shared/world/clusters.ts';
import { writePrivately } from '../platform/files.ts';
import type { ClusterRecord } from './provider.ts';

const recordSchema = z.object({
  name: z.string(),
  provider: providerSchema,
  createdAt: z.string(),
  nodes: z.number().int(),
  image: z.string(),
  hostPort: z.number().int(),
  nodePort: z.number().int(),
  config: z.string().default(''),
  tunnel: z
    .object({
      side: z.enum(['core', 'edge']),
      podSubnet: z.string(),
      serviceSubnet: z.string(),
      nodeSubnet: z.string(),
      lanNames: z.array(z.string()),
    })
    .nullable()
    .default(null),
  subnets: z.object({ podSubnet: z.string(), serviceSubnet: z.string() }).optional(),
});
const fileSchema = z.object({ clusters: z.array(recordSchema) });

/** The clusters of this home, on disk. */
export interface Registry {
  all(): readonly ClusterRecord[];
  find(name: string): ClusterRecord | undefined;
  put(record: ClusterRecord): Promise<void>;
  remove(name: string): Promise<void>;
}

export async function openRegistry(folder: string): Promise<Registry> {
  const file = join(folder, 'registry.json');
  let records: readonly ClusterRecord[] = await readRecords(file);
  const save = (next: readonly ClusterRecord[]): Promise<void> => {
    records = next;
    return writePrivately(file, JSON.stringify({ clusters: next }, null, 2));
  };
  return {
    all: () => records,
    find: (name) => records.find((record) => record.name === name),
    put: (record) => save([...records.filter(({ name }) => name !== record.name), record]),
    remove: (gone) => save(records.filter(({ name }) => name !== gone)),
  };
}

async function readRecords(file: string): Promise<ClusterRecord[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).clusters;
  } catch {
    return [];
  }
}
