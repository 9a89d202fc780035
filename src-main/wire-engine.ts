import { app } from 'electron';
import { systemClock, systemScheduler } from '../src-engine/platform/clock.ts';
import { connectToEngine } from '../src-engine/platform/engine-client.ts';
import type { Home } from '../src-engine/platform/home.ts';
import type { Logger } from '../src-engine/platform/log.ts';
import { engineCommand } from './engine-command.ts';
import { feedStore, type EngineFeed } from './engine-feed.ts';
import { openEngineLink, type EngineLink } from './engine-link.ts';
import { noEngine, startEngine } from './engine-process.ts';
import { findNode } from './find-node.ts';
import { chooseLanguage } from './language-choice.ts';
import type { ShellStore } from './shell-store.ts';

/** The link to the engine, and the store that it fills. */
export async function wireEngine(
  home: Home,
  store: ShellStore,
  engineEntry: string,
  log: Logger,
  /** The engine is a demo's: it is never started from here. */
  attachOnly: boolean,
): Promise<{ link: EngineLink; feed: EngineFeed }> {
  const feed = feedStore(store, (setting) =>
    chooseLanguage(setting, process.env, app.getPreferredSystemLanguages()),
  );
  const node = app.isPackaged || process.env['TANDEM_NODE'] ? null : await findNode();
  const command = engineCommand({
    packaged: app.isPackaged,
    execPath: process.execPath,
    env: process.env,
    node,
    entry: engineEntry,
    pid: process.pid,
  });
  const link = openEngineLink({
    connect: () => connectToEngine(home),
    spawn: () => {
      if (attachOnly) return noEngine;
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
