import { fail, ok } from '../../../src-shared/errors/result.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { ProviderStatus } from '../../../src-shared/world/clusters.ts';
import type { ClusterProvider } from '../provider.ts';
import { onceFound } from '../once-found.ts';
import { observeKind } from './kind-observe.ts';
import { planOf, type KindHands } from './kind-plan.ts';

const PROBE_MS = 10_000;

/**
 * Real clusters in Docker, made by kind. Starting and stopping is ours: kind has neither.
 *
 * @param memoryMegabytes what a cluster is expected to hold, from the settings
 */
export function kindProvider(hands: KindHands, memoryMegabytes: () => number): ClusterProvider {
  const version = onceFound(() => readVersion(hands));
  return {
    name: 'kind',
    status: () => status(hands, version),
    observe: (record) => observeKind(hands, record),
    plan: async (verb, record) => planOf(hands, verb, record),
    async kubeconfig({ name }) {
      const text = await hands.files.kubeconfigText(name);
      return text === null ? fail('clusterNotRunning', { name, state: 'absent' }) : ok(text);
    },
    async memoryNeed(record) {
      const needBytes = memoryMegabytes() * MIB;
      const { state } = await observeKind(hands, record);
      const held = state === 'running' || state === 'degraded' || state === 'starting';
      return { needBytes, touchedBytes: held ? needBytes : 0 };
    },
    // Every other kind cluster belongs to somebody else.
    endOrphans: async () => [],
  };
}

async function status({ docker }: KindHands, version: () => Promise<string | null>): Promise<ProviderStatus> {
  const found = await version();
  if (found === null) return { provider: 'kind', available: false, version: null, why: 'kindMissing' };
  const up = await docker.ping();
  return { provider: 'kind', available: up, version: found, why: up ? null : 'dockerDown' };
}

async function readVersion({ tools }: KindHands): Promise<string | null> {
  const path = await tools.find('kind');
  if (path === null) return null;
  const { stdout } = await tools.run(path, ['version'], { timeoutMs: PROBE_MS });
  return /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown';
}
