import { isDeepStrictEqual } from 'node:util';
import { settingAt, settingKeys, type Settings } from '../src-shared/settings.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { Platform } from './platform/platform.ts';
import { openAutomation, type AutomationRoom } from './settings/automation-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { WorldStore } from './world-store.ts';

export interface SettingsNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly settings: SettingsRoom;
}

/** Changed settings reach the World and the history, whoever changed them; automation is paused here. */
export async function wireSettings({
  platform,
  world,
  history,
  settings,
}: SettingsNeeds): Promise<AutomationRoom> {
  const automation = await openAutomation({
    clock: platform.clock,
    scheduler: platform.scheduler,
    runFolder: platform.home.run,
    enabled: () => settings.get().automation.enabled,
    publish: (slice) => world.write({ automation: slice }),
  });
  let before = settings.get();
  settings.subscribe((next) => {
    const keys = changedKeys(before, next);
    before = next;
    history.add({
      kind: 'settings.changed',
      what: `settings changed: ${keys.join(', ')}`,
      evidence: { keys },
    });
    automation.refresh();
    world.write({ role: next.role, primaryCluster: next.cluster.name });
  });
  return automation;
}

function changedKeys(before: Settings, next: Settings): string[] {
  return settingKeys().filter((key) => !isDeepStrictEqual(settingAt(before, key), settingAt(next, key)));
}
