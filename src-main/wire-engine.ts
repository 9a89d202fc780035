import { app } from 'electron';
import { pause, systemClock, systemScheduler } from '../src-engine/platform/clock.ts';
import { connectToEngine } from '../src-engine/platform/engine-client.ts';
import type { Home } from '../src-engine/platform/home.ts';
import type { Logger } from '../src-engine/platform/log.ts';
import { systemTools } from '../src-engine/platform/tools.ts';
import { engineCommand } from './engine-command.ts';
import { feedStore, type EngineFeed } from './engine-feed.ts';
import { openEngineLink, type EngineLink } from './engine-link.ts';
import { startEngine } from './engine-process.ts';
import { chooseLanguage } from './language-choice.ts';
import type { ShellStore } from './shell-store.ts';

/** The icon comes first: at their start Chromium and the engine would fight for the same cores. */
const ICON_FIRST_MS = 250;

/** The link to the engine, and the store that it fills. */
export async function wireEngine(
  home: Home,
  store: ShellStore,
  engineEntry: string,
  log: Logger,
): Promise<{ link: EngineLink; feed: EngineFeed }> {
  const feed = feedStore(store, (setting) =>
    chooseLanguage(setting, process.env, app.getPreferredSystemLanguages()),
  );
  const node = app.isPackaged || process.env['TANDEM_NODE'] ? null : await systemTools.find('node');
  const command = engineCommand({
    packaged: app.isPackaged,
    execPath: process.execPath,
    env: process.env,
    node,
    entry: engineEntry,
    pid: process.pid,
  });
  const iconFirst = pause(systemScheduler, ICON_FIRST_MS);
  const link = openEngineLink({
    connect: () => iconFirst.then(() => connectToEngine(home)),
    spawn: () => {
      log.info({ command: command.command, args: command.args }, 'starting the engine');
      return startEngine(command, home);
    },
    clock: systemClock,
    scheduler: systemScheduler,
    onState: (engine) => {
      log.info({ engine }, 'engine link');
      store.setState({ engine });
    },
    onConnected: (client) => feed.connected(client),
  });
  store.subscribe((state, before) => {
    // Somebody looks: an engine that is away is tried at once instead of after its wait.
    if (state.popoverVisible && !before.popoverVisible) link.wake();
  });
  return { link, feed };
}
