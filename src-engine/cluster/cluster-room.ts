import type { Result } from '../../src-shared/errors/result.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { pause } from '../platform/clock.ts';
import { createCore, type ClusterCore } from './cluster-core.ts';
import { clusterHandlers, type ClusterHandlers } from './cluster-handlers.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { cancel } from './operations.ts';

export interface ClusterRoom {
  readonly handlers: ClusterHandlers;
  readonly begun: Promise<void>;
  /** Somebody is looking: observe at the lively pace. */
  setLive(live: boolean): void;
  /** After a wake: look at once. */
  observeNow(): void;
  /** Stops a cluster because a rule says so; the same path as a person's stop. */
  stop(name: string): Promise<Result<Cluster>>;
  /** Ends the running operation of a cluster, for the same reason. */
  cancel(name: string): Promise<Result<void>>;
  /** Ends what is running, its undo included, and then everything else. */
  dispose(): Promise<void>;
}

/** An undo gets this long when the engine ends; what it leaves then is in the journal. */
const CLOSE_DOWN_MS = 20_000;

async function closeDown(core: ClusterCore): Promise<void> {
  core.dispose();
  core.recheck.dispose();
  const running = core.entries().filter(({ progress }) => progress !== null);
  for (const entry of running) cancel(entry);
  const over = Promise.all(running.map((entry) => entry.over));
  await Promise.race([over, pause(core.ports.scheduler, CLOSE_DOWN_MS)]);
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
    cancel: async (name) => {
      const entry = core.known(name);
      return entry.ok ? cancel(entry.value) : entry;
    },
    dispose: () => closeDown(core),
  };
}
