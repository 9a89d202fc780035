import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makePrivateFolder, writePrivately } from '../../platform/files.ts';
import { shortFolder, type Home } from '../../platform/home.ts';

/** What a node process writes of itself before it does anything else: an engine after a crash finds it by this. */
const nodeRecordSchema = z.object({
  cluster: z.string(),
  node: z.string(),
  pid: z.number().int(),
  startedAt: z.string(),
  socket: z.string(),
});
export type NodeRecord = z.infer<typeof nodeRecordSchema>;

export function embeddedFolder(home: Home): string {
  return join(home.clusters, 'embedded');
}

function recordFile(home: Home, cluster: string, node: string): string {
  return join(embeddedFolder(home), cluster, `${node}.json`);
}

/**
 * Where a new node's control socket goes: a short folder, since a home's own path may be too long for one.
 * The node is told it, and its record keeps it: another engine may have another temporary folder.
 */
export function newNodeSocket(home: Home, node: string): string {
  return join(shortFolder(home.root), `${node}.sock`);
}

export async function writeNodeRecord(home: Home, record: NodeRecord): Promise<void> {
  await makePrivateFolder(dirname(record.socket));
  await writePrivately(recordFile(home, record.cluster, record.node), JSON.stringify(record));
}

export async function removeNodeRecord(home: Home, cluster: string, node: string): Promise<void> {
  const record = await readNodeRecord(home, cluster, node);
  await rm(recordFile(home, cluster, node), { force: true });
  if (record !== null) await rm(record.socket, { force: true });
}

export async function readNodeRecord(home: Home, cluster: string, node: string): Promise<NodeRecord | null> {
  try {
    return nodeRecordSchema.parse(JSON.parse(await readFile(recordFile(home, cluster, node), 'utf8')));
  } catch {
    return null;
  }
}

/** Every node process that this home ever started and that has not gone cleanly. */
export async function allNodeRecords(home: Home): Promise<NodeRecord[]> {
  const records: (NodeRecord | null)[] = [];
  for (const cluster of await names(embeddedFolder(home)))
    for (const file of await names(join(embeddedFolder(home), cluster)))
      if (file.endsWith('.json'))
        records.push(await readNodeRecord(home, cluster, file.slice(0, -'.json'.length)));
  return records.filter((record) => record !== null);
}

export async function removeClusterFolder(home: Home, cluster: string): Promise<void> {
  await rm(join(embeddedFolder(home), cluster), { recursive: true, force: true });
}

/** The folder is the cluster's existence: made first, removed last. */
export async function makeClusterFolder(home: Home, cluster: string): Promise<void> {
  await makePrivateFolder(join(embeddedFolder(home), cluster));
}

export async function clusterFolderExists(home: Home, cluster: string): Promise<boolean> {
  return stat(join(embeddedFolder(home), cluster)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
