import { homedir } from 'node:os';
import { nobody } from '../src-shared/commands/registry.ts';
import { fail } from '../src-shared/errors/result.ts';
import type { Settings } from '../src-shared/settings.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { runtimeHand } from './cluster/runtime/runtime-hand.ts';
import { openRuntimeMemory } from './cluster/runtime/runtime-memory.ts';
import { openRuntime, type ChangeWhy, type RuntimeRoom } from './cluster/runtime/runtime-room.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { Platform } from './platform/platform.ts';
import type { WorldStore } from './world-store.ts';

export interface RuntimeNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  settings(): Settings;
  /** The clusters that run in it; null until they are there. */
  clusters(): Pick<ClusterRoom, 'handlers'> | null;
}

/** The container runtime knows the clusters, the vitals and the settings through here alone. */
export async function wireRuntime(needs: RuntimeNeeds): Promise<RuntimeRoom> {
  const { platform, world, history, settings } = needs;
  const { clock, scheduler } = platform;
  const memory = await openRuntimeMemory(platform.home.run);
  const room = openRuntime({
    clock,
    scheduler,
    log: platform.log('runtime'),
    hand: runtimeHand(platform, homedir()),
    memory,
    clusters: () =>
      world.get().clusters.map(({ name, provider, operation }) => {
        return { name, provider, verb: operation?.verb ?? null };
      }),
    stopCluster: async (name) =>
      needs.clusters()?.handlers['cluster.stop']({ name }, nobody) ?? fail('clusterUnknown', { name }),
    guestUsedBytes() {
      const { vm } = world.get().host.vitals;
      return vm === null || vm.stale === true ? null : vm.guestUsedBytes;
    },
    policy: () => ({
      vitals: world.get().host.vitals,
      role: settings().role,
      policy: settings().cluster.runtimeStop,
      automation: settings().automation.enabled,
    }),
    publish: (runtime) => world.write({ runtime }),
    changed: (verb, runtime, why) => history.add(changeRecord(verb, runtime, why)),
  });
  void room.look();
  const unsubscribe = world.subscribe((now, before) => {
    // Containers went or came: what is left of them decides.
    const isNews = now.clusters !== before.clusters && endedWith(before.clusters) !== endedWith(now.clusters);
    if (isNews) void room.look();
    else if (now.host.vitals.reasons !== before.host.vitals.reasons) room.reconsider();
  });
  return {
    ...room,
    dispose() {
      unsubscribe();
      room.dispose();
    },
  };
}

type Clusters = ReturnType<WorldStore['get']>['clusters'];
function endedWith(clusters: Clusters): string {
  return clusters.map(({ name, state, operation }) => `${name} ${state} ${operation === null}`).join();
}

const reasons: Readonly<Record<ChangeWhy, string | null>> = {
  asked: null,
  clusterStart: 'a cluster was to start in it',
  memory: 'memory was at stage stop, and nothing ran in it',
  rolledBack: 'the start that had started it was rolled back',
};

function changeRecord(verb: 'start' | 'stop', runtime: string, why: ChangeWhy) {
  const kind = `runtime.${verb}`;
  return { kind, what: `${verb} of ${runtime}: done`, why: reasons[why], evidence: { runtime, why } };
}
