import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePrivateFolder, writePrivately } from '../../platform/files.ts';

const keptSchema = z.object({
  /** Its nodes, in the order of their addresses. */
  order: z.array(z.string()).default([]),
  /** Which Docker it is in. */
  docker: z.string().default(''),
  /** The containers of a create that is under way, or was cut off. */
  made: z.array(z.string()).default([]),
});
type Kept = z.infer<typeof keptSchema>;

/** What this home keeps of a kind cluster: its private kubeconfig, its nodes and their Docker, a log. */
export function kindFiles(clustersFolder: string, logsFolder: string) {
  const folder = join(clustersFolder, 'kind');
  const keptFile = (name: string): string => join(folder, `${name}.json`);
  const kubeconfig = (name: string): string => join(folder, `${name}.kubeconfig`);
  const logFile = (name: string): string => join(logsFolder, `kind-${name}.log`);
  async function kept(name: string): Promise<Kept> {
    try {
      return keptSchema.parse(JSON.parse(await readFile(keptFile(name), 'utf8')));
    } catch {
      return keptSchema.parse({});
    }
  }
  const textOf = (name: string) => readFile(kubeconfig(name), 'utf8').catch(() => null);
  /** kind writes the address that it publishes on, which for all of them is `0.0.0.0`: no address to call. */
  const saveKubeconfig = (name: string, text: string): Promise<void> =>
    writePrivately(kubeconfig(name), text.replaceAll('https://0.0.0.0:', 'https://127.0.0.1:'));
  return {
    kubeconfig,
    logFile,
    /** Null when it has none here. */
    kubeconfigText: textOf,
    saveKubeconfig,
    prepare: () => makePrivateFolder(folder),
    async callOnLoopback(name: string): Promise<void> {
      const text = await textOf(name);
      if (text !== null) await saveKubeconfig(name, text);
    },
    /** The whole output of a kind that failed. */
    keepLog: (name: string, text: string) => writePrivately(logFile(name), text),
    kept,
    async keep(name: string, more: Partial<Kept>): Promise<void> {
      await writePrivately(keptFile(name), JSON.stringify({ ...(await kept(name)), ...more }));
    },
    /** All but the log: why a cluster never came to be outlives it. */
    async remove(name: string): Promise<void> {
      for (const file of [keptFile(name), kubeconfig(name), `${kubeconfig(name)}.lock`])
        await rm(file, { force: true });
    },
    removeLog: (name: string) => rm(logFile(name), { force: true }),
  };
}
export type KindFiles = ReturnType<typeof kindFiles>;

/** Addresses in numeric order: Docker hands them out in the order of the starts, and kind's certificates name them. */
export function byAddress(nodes: readonly { readonly name: string; readonly address: string }[]): string[] {
  const key = (address: string): number =>
    address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [...nodes].sort((a, b) => key(a.address) - key(b.address)).map(({ name }) => name);
}
