import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Stage } from '../src-shared/world/vitals.ts';
import type { HandoffRoom } from './handoff/handoff-room.ts';
import type { LinkHostEvent, LinkRoom } from './link/link-ports.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { TrafficRoom } from './traffic/room-ports.ts';
import type { VitalsRoom } from './vitals/vitals.ts';
import type { Clusters } from './wire-cluster.ts';
import type { WakeRoom } from './wake/wake-room.ts';
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
  readonly clusters: Clusters;
  readonly link: LinkRoom;
  readonly traffic: Pick<TrafficRoom, 'setLive'>;
  readonly handoff: Pick<HandoffRoom, 'hostEvent' | 'leaves'>;
  readonly wake: Pick<WakeRoom, 'resumed'>;
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
        if (rooms !== null) await hear(rooms, event);
        return ok({ heard: true });
      },
    },
    onStage: wireStopLine({
      world,
      history,
      settings: settings.get,
      clusters: () => rooms?.clusters ?? null,
      leaves: () => rooms?.handoff.leaves() ?? false,
    }),
    setLive: (live) => {
      rooms?.vitals.setLive(live);
      rooms?.clusters.setLive(live);
      rooms?.link.setLive(live);
      rooms?.traffic.setLive(live);
    },
    attach: (attached) => (rooms = attached),
  };
}

/**
 * Who hears first. A sleep: the good-bye, since every millisecond may be the last (design decision 13), and beside it
 * the edge's departure. A shutdown can be held up (design/limits.md, Shutdown): the good-bye is the end of it, or the
 * core would take a Mac that still drains for one that is gone. A wake: the edge stays out before anything else.
 */
async function hear(
  { vitals, clusters, link, handoff, wake }: HostRooms,
  event: LinkHostEvent,
): Promise<void> {
  switch (event) {
    case 'suspend': {
      const left = handoff.hostEvent(event);
      link.hostEvent(event);
      vitals.hostEvent(event);
      clusters.suspend();
      return left;
    }
    case 'shutdown':
      vitals.hostEvent(event);
      await handoff.hostEvent(event);
      return link.hostEvent(event);
    case 'resume': {
      const back = handoff.hostEvent(event);
      link.hostEvent(event);
      vitals.hostEvent(event);
      clusters.observeNow();
      wake.resumed();
      return back;
    }
    case 'onAc':
    case 'onBattery':
      link.hostEvent(event);
      vitals.hostEvent(event);
      return handoff.hostEvent(event);
    case 'thermal':
      link.hostEvent(event);
      return vitals.hostEvent(event);
  }
}
