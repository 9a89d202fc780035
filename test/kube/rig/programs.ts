import { z } from 'zod';

const schema = z.object({ kube: z.string(), etcd: z.string(), kwok: z.string(), crds: z.string() });

/** Folders of what build.sh has made; scripts/tiers/kube.mjs and the benchmarks hand its line over. */
export function programFolders(): z.infer<typeof schema> {
  const line = process.env['TANDEM_KUBE_RIG'];
  if (line === undefined)
    throw new Error(
      'TANDEM_KUBE_RIG is not set: run this with "npm run test:kube", which builds the rig first.',
    );
  return schema.parse(JSON.parse(line));
}

/** Path of a program of the rig. */
export function programOf(name: string): string {
  const { kube, etcd, kwok } = programFolders();
  if (name === 'etcd') return `${etcd}/etcd`;
  return name === 'kwok' ? `${kwok}/kwok` : `${kube}/${name}`;
}
