import type { Platform } from './platform/platform.ts';
import { openAutomation, type AutomationRoom } from './settings/automation-room.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { WorldStore } from './world-store.ts';

export async function wireAutomation(
  platform: Platform,
  world: WorldStore,
  settings: SettingsRoom,
): Promise<AutomationRoom> {
  const automation = await openAutomation({
    clock: platform.clock,
    scheduler: platform.scheduler,
    runFolder: platform.home.run,
    enabled: () => settings.get().automation.enabled,
    publish: (slice) => world.write({ automation: slice }),
  });
  settings.subscribe((next) => {
    automation.refresh();
    world.write({ primaryCluster: next.cluster.name });
  });
  return automation;
}
