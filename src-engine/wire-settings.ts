import { isDeepStrictEqual } from 'node:util';
import { settingAt, settingKeys, type Settings } from '../src-shared/settings.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { Platform } from './platform/platform.ts';
import { openAutomation, type AutomationRoom } from './settings/automation-room.ts';
import type { SettingsProblem, SettingsRoom } from './settings/settings-room.ts';
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
  const noteProblem = (problem: SettingsProblem | null): void => tellProblem(platform, history, problem);
  if (settings.problem() !== null) noteProblem(settings.problem());
  settings.subscribeProblem(noteProblem);
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

/** A file that does not apply is told at once: a person may be waiting for what they wrote to take effect. */
function tellProblem(platform: Platform, history: HistoryRoom, problem: SettingsProblem | null): void {
  const log = platform.log('engine');
  if (problem === null) return log.info('engine.json holds settings again');
  const what =
    'setAside' in problem
      ? `engine.json could not be used and was set aside as ${problem.setAside}; the defaults apply`
      : 'engine.json cannot be used; the last good settings stay, or the defaults';
  const why = 'unreadable' in problem ? problem.unreadable : null;
  log.warn({ problem }, what);
  history.add({ kind: 'settings.unreadable', what, why, evidence: { ...problem } });
}

function changedKeys(before: Settings, next: Settings): string[] {
  return settingKeys().filter((key) => !isDeepStrictEqual(settingAt(before, key), settingAt(next, key)));
}
