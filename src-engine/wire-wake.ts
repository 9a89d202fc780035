import { nobody } from '../src-shared/commands/registry.ts';
import { runInside } from './cluster/docker/docker-exec.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { certificateLook } from './kube/certificate-look.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import type { Platform } from './platform/platform.ts';
import type { TunnelRoom } from './tunnel/ports.ts';
import { openWake, type WakeRoom } from './wake/wake-room.ts';
import { ownCluster } from './wire-tunnel.ts';
import type { WorldStore } from './world-store.ts';

export interface WakeNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly clusters: Pick<ClusterRoom, 'handlers' | 'observeNow'>;
  readonly tunnel: Pick<TunnelRoom, 'changed'>;
}

/** After a sleep: what others know is in the World; two things are asked here. */
export function wireWake({ platform, world, history, clusters, tunnel }: WakeNeeds): WakeRoom {
  const { clock, scheduler } = platform;
  return openWake({
    clock,
    scheduler,
    world: () => world.get(),
    skewMs: () => vmSkewMs(platform, world),
    async certificates() {
      const cluster = ownCluster(world.get());
      if (cluster === null) return null;
      const found = await clusters.handlers['cluster.kubeconfig']({ name: cluster.name }, nobody);
      return found.ok ? certificateLook(found.value.kubeconfig) : null;
    },
    refresh() {
      clusters.observeNow();
      tunnel.changed();
    },
    publish: (wake) => world.write({ wake }),
    failed: (error) => platform.log('engine').error({ error: String(error) }, 'a look after a sleep failed'),
    note: (kind, what, evidence) => void history.add({ kind, what, evidence }),
  });
}

/** The clock inside a node is its machine's; whole seconds are told. */
async function vmSkewMs({ env, clock }: Platform, world: WorldStore): Promise<number | null> {
  const cluster = ownCluster(world.get());
  const socket = dockerSocketPath(env);
  if (cluster?.provider !== 'kind' || socket === null) return null;
  const before = clock.wall().getTime();
  const said = await runInside(socket, `${cluster.name}-control-plane`, 'date +%s');
  const after = clock.wall().getTime();
  const seconds = Number(said?.trim());
  if (said === null || !Number.isFinite(seconds)) return null;
  // Half a second is lost by its rounding down, and half of the way by the way.
  return Math.round(seconds * 1000 + 500 - (before + after) / 2);
}
