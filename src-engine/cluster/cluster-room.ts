import type { Result } from '../../src-shared/errors/result.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { createCore } from './cluster-core.ts';
import { clusterHandlers, type ClusterHandlers } from './cluster-handlers.ts';
import type { ClusterPorts } from './cluster-ports.ts';

export interface ClusterRoom {
  readonly handlers: ClusterHandlers;
  readonly begun: Promise<void>;
  /** Somebody is looking: observe at the lively pace. */
  setLive(live: boolean): void;
  /** After a wake: look at once. */
  observeNow(): void;
  /** Stops a cluster because a rule says so; the same path as a person's stop. */
  stop(name: string): Promise<Result<Cluster>>;
  dispose(): void;
}

/** The room is open at once; `begun` resolves when the first look at everything is over. */
export async function openClusters(ports: ClusterPorts): Promise<ClusterRoom> {
  const core = await createCore(ports);
  const begun = core.begin();
  return {
    begun,
    handlers: clusterHandlers(core),
    setLive: core.observer.setLive,
    observeNow: () => void core.observer.round(),
    stop: async (name) => {
      const entry = core.known(name);
      return entry.ok ? core.run(entry.value, 'stop') : entry;
    },
    dispose: core.observer.dispose,
  };
}
