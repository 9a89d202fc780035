import { app } from 'electron';
import { pause, systemScheduler } from '../src-engine/platform/clock.ts';
import { homeFromEnvironment, type Home } from '../src-engine/platform/home.ts';
import { translator, type Translate } from '../src-shared/language/translate.ts';
import { announcer } from './announce.ts';
import { chooseLanguage } from './language-choice.ts';
import { prepareApp } from './prepare-app.ts';
import { shellPaths } from './shell-paths.ts';
import { createShellStore } from './shell-store.ts';
import type { Shell } from './shell.ts';
import { wireTray } from './wire-tray.ts';

/** The icon comes first: at their start Chromium, the shell and the engine would fight for the same cores. */
const ICON_FIRST_MS = 250;

const home = homeFromEnvironment();
if (prepareApp(home)) {
  // Not awaited: an ES module that awaits it never lets Electron become ready (design research, measured).
  void app.whenReady().then(() => run(home));
} else {
  app.quit();
}

async function run(home: Home): Promise<void> {
  const paths = shellPaths(app.getAppPath());
  const words = { en: translator('en'), ko: translator('ko') };
  const store = createShellStore(chooseLanguage('auto', process.env, app.getPreferredSystemLanguages()));
  const translate = (): Translate => words[store.getState().language];
  // Imported late, though it is in the same file: its modules are evaluated when it is, at the latest by a click.
  let opened: Promise<Shell> | null = null;
  const shell = (): Promise<Shell> =>
    (opened ??= import('./shell.ts').then(({ openShell }) =>
      openShell({ home, paths, store, translate, trayBounds: () => tray.bounds() }),
    ));
  const tray = wireTray({
    icons: paths.icons,
    store,
    translate,
    warn: (message) => void shell().then(({ warn }) => warn(message)),
    act: (action) => void shell().then(({ act }) => act(action)),
    toggle: () => void shell().then(({ toggle }) => toggle()),
  });
  announcer(process.env)({ event: 'trayReady' });
  const show = (): void => void shell().then((ready) => ready.show());
  app.on('second-instance', show);
  app.on('activate', show);
  await pause(systemScheduler, ICON_FIRST_MS);
  await shell();
}
