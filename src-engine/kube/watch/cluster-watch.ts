import type { Disposable } from '../../platform/clock.ts';
import { lookOf, type ClusterLook } from './cluster-look.ts';
import type { NodeKept, PodKept, WarningKept } from './kept.ts';
import { watchResource, type ResourceWatch, type WatchTime } from './resource-watch.ts';
import type { WatchSource } from './watch-source.ts';

/** The kinds that are watched of a cluster. */
export interface ClusterSources {
  readonly nodes: WatchSource<NodeKept>;
  readonly pods: WatchSource<PodKept>;
  /** Events of type Warning. */
  readonly warnings: WatchSource<WarningKept>;
}

/** One watch a kind, and what they hold together. */
export interface ClusterWatch extends Disposable {
  /** Null when it is not known what the API has, and was not until the signal aborted. */
  look(signal: AbortSignal): Promise<ClusterLook | null>;
  readonly nodes: ResourceWatch<NodeKept>;
  readonly pods: ResourceWatch<PodKept>;
  readonly warnings: ResourceWatch<WarningKept>;
}

/** The API keeps events for an hour, and a broken workload makes thousands: the newest are enough for a screen. */
const MOST_WARNINGS = 1000;

export function watchCluster(sources: ClusterSources, time: WatchTime): ClusterWatch {
  const nodes = watchResource(sources.nodes, time);
  const pods = watchResource(sources.pods, time);
  const warnings = watchResource(sources.warnings, time, MOST_WARNINGS);
  return {
    nodes,
    pods,
    warnings,
    async look(signal) {
      const isKnown = await Promise.all([nodes.live(signal), pods.live(signal)]);
      if (!isKnown.every(Boolean)) return null;
      // Events are told apart from the rest by many a right to read: without them all else is still true.
      const told = warnings.isLive() ? warnings.items : null;
      return lookOf(nodes.items.values(), pods.items, told, time.clock.wall());
    },
    dispose() {
      for (const one of [nodes, pods, warnings]) one.dispose();
    },
  };
}
