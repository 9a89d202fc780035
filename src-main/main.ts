import { app } from 'electron';
import { systemClock, systemScheduler } from '../src-engine/platform/clock.ts';
import { homeFromEnvironment, type Home } from '../src-engine/platform/home.ts';
import { openLog } from '../src-engine/platform/log.ts';
import { translator, type Translate } from '../src-shared/language/translate.ts';
import { announcer } from './announce.ts';
import { serveRenderer } from './app-protocol.ts';
import { setAppMenu } from './app-menu.ts';
import { answerBridge } from './bridge-answers.ts';
import { openIpc } from './ipc.ts';
import { chooseLanguage } from './language-choice.ts';
import { presentNotices } from './notice-presenter.ts';
import { Popover } from './popover.ts';
import { hearPower } from './power-events.ts';
import { prepareApp } from './prepare-app.ts';
import { controlQuit } from './quit.ts';
import { denyEverything } from './security.ts';
import { shellActions } from './shell-actions.ts';
import { shellPaths } from './shell-paths.ts';
import { contextOf, pushToRenderer } from './renderer-feed.ts';
import { createShellStore, followLanguage } from './shell-store.ts';
import { openWindowMemory } from './window-memory.ts';
import { wireEngine } from './wire-engine.ts';
import { wireTray } from './wire-tray.ts';

const home = homeFromEnvironment();
if (prepareApp(home)) {
  // Not awaited: an ES module that awaits it never lets Electron become ready (design research, measured).
  void app.whenReady().then(() => run(home));
} else {
  app.quit();
}

async function run(home: Home): Promise<void> {
  const log = openLog(home.logs, 'shell');
  const announce = announcer(process.env);
  const paths = shellPaths(app.getAppPath());
  const words = { en: translator('en'), ko: translator('ko') };
  const store = createShellStore(chooseLanguage('auto', process.env, app.getPreferredSystemLanguages()));
  const translate = (): Translate => words[store.getState().language];
  const time = { clock: systemClock, scheduler: systemScheduler };
  denyEverything();
  serveRenderer(paths.renderer);
  const { link, feed } = await wireEngine(home, store, paths.engineEntry, log);
  const { quit } = controlQuit({ ...time, store, link, log, translate });
  const answer = answerBridge({
    world: () => store.getState().world,
    callEngine: (method, input) => link.call(method, input),
    settingsChanged: () => void feed.refreshSettings(),
    context: () => contextOf(store.getState()),
    popover: () => popover,
    quit: () => quit('person'),
  });
  const ipc = openIpc(answer, log);
  const popover = new Popover({
    ...time,
    store,
    ipc,
    announce,
    preload: paths.preload,
    memory: openWindowMemory(app.getPath('userData')),
    trayBounds: () => tray.bounds(),
  });
  const act = shellActions({ link, popover, quit: () => quit('person') });
  const tray = wireTray({ icons: paths.icons, store, log, translate, act, toggle: () => popover.toggle() });
  announce({ event: 'trayReady' });
  presentNotices({ ...time, store, log, translate, onClick: () => popover.show() });
  followLanguage(store, () => setAppMenu(translate()));
  pushToRenderer(store, ipc);
  hearPower((event) => {
    void link.call('host.event', { event });
    if (event === 'resume') link.wake();
    if (event === 'resume') feed.resubscribe();
    if (event === 'shutdown') quit('shutdown');
  });
  app.on('second-instance', () => popover.show());
  app.on('activate', () => popover.show());
}
