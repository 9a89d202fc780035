import { expect, test } from 'vitest';
import { cluster, worlds } from '../test/doubles/worlds.ts';
import { defaultSettings } from '../src-shared/settings.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Role } from '../src-shared/world/role.ts';
import type { World } from '../src-shared/world/world.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { wireStopLine } from './wire-stop-line.ts';
import { createWorldStore } from './world-store.ts';

const [some] = Object.values<World>(worlds);

/** What stage stop stops on a Mac of this role. */
function stoppedBy(role: Role, leaves: boolean, enabled = true): string[] {
  const stopped: string[] = [];
  const onStage = wireStopLine({
    world: createWorldStore({ ...some!, clusters: [cluster({ name: 'lab' })] }, () => new Date(0)),
    history: { add: () => 'r' } as unknown as HistoryRoom,
    settings: () => ({ ...defaultSettings, role, automation: { enabled } }),
    clusters: () => ({ stop: async (name: string) => ok(stopped.push(name)) }) as unknown as ClusterRoom,
    leaves: () => leaves,
  });
  onStage('stop');
  return stopped;
}

test('at stage stop a single Mac stops by itself, an edge by its departure, a core never', () => {
  expect(stoppedBy('single', false)).toEqual(['lab']);
  expect(stoppedBy('single', false, false)).toEqual([]);
  expect(stoppedBy('edge', true)).toEqual([]);
  expect(stoppedBy('core', false)).toEqual([]);
});

test('an edge that is paired with none has nobody to leave to: it stops as a single Mac does', () => {
  expect(stoppedBy('edge', false)).toEqual(['lab']);
});
