import type { Settings } from '../src-shared/settings.ts';
import type { Stage } from '../src-shared/world/vitals.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { stopLineAct } from './cluster/stop-line.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { WorldStore } from './world-store.ts';

export interface StopLineNeeds {
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  settings(): Settings;
  clusters(): ClusterRoom | null;
  /** A leaver decides about this Mac's cluster: a stop is the end of a departure there. */
  leaves(): boolean;
}

/**
 * In the single role, stage stop stops what is up or coming up, if automation is enabled (design decision 20);
 * a pause of automation does not hold it. What a person starts afterwards is left alone. An edge that is paired leaves
 * first, by the hand-off; one that is not has nobody to leave to. On a core nothing stops by itself.
 */
export function wireStopLine(needs: StopLineNeeds): (stage: Stage) => void {
  const { world, history, settings, clusters, leaves } = needs;
  const pending = new Set<string>();
  const acting = new Set<string>();
  async function act(name: string): Promise<void> {
    const what = stopLineAct(world.get().clusters.find((cluster) => cluster.name === name));
    const room = clusters();
    if (what === 'done') pending.delete(name);
    if (room === null || what === 'done' || what === 'wait' || acting.has(name)) return;
    acting.add(name);
    await (what === 'cancel' ? room.cancel(name) : room.stop(name));
    acting.delete(name);
  }
  const actOnAll = (): void => {
    for (const name of pending) void act(name);
  };
  world.subscribe((now, before) => {
    if (now.clusters !== before.clusters) actOnAll();
  });
  return (stage) => {
    const { role, automation } = settings();
    if (stage !== 'stop') return pending.clear();
    if (role === 'core' || leaves() || !automation.enabled) return;
    for (const cluster of world.get().clusters) {
      if (stopLineAct(cluster) === 'done') continue;
      pending.add(cluster.name);
      const evidence = {
        name: cluster.name,
        state: cluster.state,
        operation: cluster.operation?.verb ?? null,
      };
      history.add({
        kind: 'automation.stop',
        what: `${cluster.name} is to stop: this Mac reached stage stop`,
        evidence,
      });
    }
    actOnAll();
  };
}
