import type { Parts } from './parts.ts';

/**
 * No secret that was written for a verb outlives it, however it ends: the administrator's kubeconfig, what subctl wrote
 * where it worked and, on the edge, the core's broker file. An engine that was killed leaves them to the next one.
 */
export async function sweep({ ports, memory }: Pick<Parts, 'ports' | 'memory'>): Promise<void> {
  const swept = await Promise.allSettled([
    memory.forgetKubeconfig(),
    memory.forgetWork(),
    ports.role() === 'edge' ? memory.forgetBroker() : undefined,
  ]);
  for (const one of swept)
    if (one.status === 'rejected')
      ports.log.error({ error: String(one.reason) }, 'a secret could not be removed');
}
