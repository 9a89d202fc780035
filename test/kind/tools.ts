import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Docker and kind as rig/up.sh brought them up; scripts/tiers/kind.mjs hands its line over. */
export const tools = z
  .object({
    docker: z.string(),
    dockerHost: z.string(),
    kind: z.string(),
    kubectl: z.string(),
    nodeImage: z.string(),
    binDir: z.string(),
  })
  .parse(JSON.parse(process.env['TANDEM_KIND_RIG'] ?? '{}'));

/** For an engine that is to find them. */
export const toolsEnv = {
  PATH: `${tools.binDir}:${process.env['PATH'] ?? ''}`,
  DOCKER_HOST: tools.dockerHost,
};

export const run = promisify(execFile);

export async function docker(...args: string[]): Promise<string> {
  return (await run(tools.docker, ['-H', tools.dockerHost, ...args])).stdout.trim();
}

/** Removes a cluster without any engine; what is not there is no failure. */
export async function deleteCluster(name: string): Promise<void> {
  // Nobody's: kind would take the cluster out of the person's own.
  const env = { ...process.env, ...toolsEnv, KUBECONFIG: join(tmpdir(), `tandem-kind-${process.pid}`) };
  await run(tools.kind, ['delete', 'cluster', '--name', name], { env }).catch(() => undefined);
}
