import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Stage } from '../src-shared/world/vitals.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { VitalsRoom } from './vitals/vitals.ts';
import type { WorldStore } from './world-store.ts';

export interface HostNeeds {
  readonly world: WorldStore;
  readonly settings: SettingsRoom;
  readonly history: HistoryRoom;
}

export interface Host {
  readonly handlers: Pick<Handlers<Caller>, 'host.event'>;
  /** Vitals entered a stage. In the single role `stop` stops the clusters (design decision 20); nothing else acts here. */
  onStage(stage: Stage): void;
  setLive(live: boolean): void;
  attach(rooms: { vitals: VitalsRoom; clusters: ClusterRoom }): void;
}

/** What happens to this host reaches the rooms that care: events of the shell, somebody looking, a stage. */
export function wireHost({ world, settings, history }: HostNeeds): Host {
  let rooms: { vitals: VitalsRoom; clusters: ClusterRoom } | null = null;
  world.subscribe((now, before) => {
    if (now.clusters !== before.clusters)
      rooms?.vitals.setClusterRunning(now.clusters.some(({ state }) => state === 'running'));
  });
  return {
    handlers: {
      'host.event': async ({ event }) => {
        rooms?.vitals.hostEvent(event);
        if (event === 'resume') rooms?.clusters.observeNow();
        return ok({ heard: true });
      },
    },
    onStage: (stage) => {
      const { role, automation } = settings.get();
      if (stage !== 'stop' || role !== 'single' || !automation.enabled) return;
      for (const { name, state } of world.get().clusters) {
        if (state === 'stopped' || state === 'absent') continue;
        history.add({
          kind: 'automation.stop',
          what: `stopping ${name}: this Mac reached stage stop`,
          evidence: { name },
        });
        void rooms?.clusters.stop(name);
      }
    },
    setLive: (live) => {
      rooms?.vitals.setLive(live);
      rooms?.clusters.setLive(live);
    },
    attach: (attached) => (rooms = attached),
  };
}
