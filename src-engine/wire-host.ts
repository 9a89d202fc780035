import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Stage } from '../src-shared/world/vitals.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { LinkRoom } from './link/link-ports.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { VitalsRoom } from './vitals/vitals.ts';
import { wireStopLine } from './wire-stop-line.ts';
import type { WorldStore } from './world-store.ts';

export interface HostNeeds {
  readonly world: WorldStore;
  readonly settings: SettingsRoom;
  readonly history: HistoryRoom;
}

export interface Host {
  readonly handlers: Pick<Handlers<Caller>, 'host.event'>;
  /** Vitals entered a stage. */
  onStage(stage: Stage): void;
  setLive(live: boolean): void;
  attach(rooms: HostRooms): void;
}

/** The rooms that hear of this host. */
export interface HostRooms {
  readonly vitals: VitalsRoom;
  readonly clusters: ClusterRoom;
  readonly link: LinkRoom;
}

/** What happens to this host reaches the rooms that care: events of the shell, somebody looking, a stage. */
export function wireHost({ world, settings, history }: HostNeeds): Host {
  let rooms: HostRooms | null = null;
  world.subscribe((now, before) => {
    if (now.clusters !== before.clusters)
      rooms?.vitals.setClusterRunning(now.clusters.some(({ state }) => state === 'running'));
  });
  return {
    handlers: {
      'host.event': async ({ event }) => {
        // First the good-bye: before a sleep every millisecond may be the last (design decision 13).
        rooms?.link.hostEvent(event);
        rooms?.vitals.hostEvent(event);
        if (event === 'resume') rooms?.clusters.observeNow();
        return ok({ heard: true });
      },
    },
    onStage: wireStopLine({
      world,
      history,
      settings: settings.get,
      clusters: () => rooms?.clusters ?? null,
    }),
    setLive: (live) => {
      rooms?.vitals.setLive(live);
      rooms?.clusters.setLive(live);
      rooms?.link.setLive(live);
    },
    attach: (attached) => (rooms = attached),
  };
}
