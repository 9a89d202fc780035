import { app, clipboard } from 'electron';
import { systemClock, systemScheduler } from '../src-engine/platform/clock.ts';
import type { Home } from '../src-engine/platform/home.ts';
import { openLog } from '../src-engine/platform/log.ts';
import type { Translate } from '../src-shared/language/translate.ts';
import { announcer } from './announce.ts';
import { setAppMenu } from './app-menu.ts';
import { serveRenderer } from './app-protocol.ts';
import { answerBridge } from './bridge-answers.ts';
import { demoFromEnvironment, isDemosApp } from './demo-feed.ts';
import { openIpc } from './ipc.ts';
import { presentNotices } from './notice-presenter.ts';
import { Popover } from './popover.ts';
import type { Rect } from './popover-position.ts';
import { controlQuit } from './quit.ts';
import { contextOf, pushToRenderer } from './renderer-feed.ts';
import { denyEverything } from './security.ts';
import { shellActions } from './shell-actions.ts';
import type { ShellPaths } from './shell-paths.ts';
import { followLanguage, type ShellStore } from './shell-store.ts';
import type { ShellAction } from './tray-menu.ts';
import { watchHost } from './watch-host.ts';
import { openWindowMemory } from './window-memory.ts';
import { wireEngine } from './wire-engine.ts';

export interface ShellNeeds {
  readonly home: Home;
  readonly paths: ShellPaths;
  readonly store: ShellStore;
  translate(): Translate;
  trayBounds(): Rect | null;
}

/** What the icon opens. */
export interface Shell {
  act(action: ShellAction): void;
  show(): void;
  toggle(): void;
  warn(message: string): void;
}

/** All of the shell but its icon: the engine, the popover, notifications, power events and the way out. */
export async function openShell({ home, paths, store, translate, trayBounds }: ShellNeeds): Promise<Shell> {
  const log = openLog(home.logs, 'shell');
  const time = { clock: systemClock, scheduler: systemScheduler };
  // Before there is any page: the first one is made by the popover below.
  denyEverything();
  serveRenderer(paths.renderer);
  const isDemo = isDemosApp(process.env);
  const { link, feed } = await wireEngine(home, store, paths.engineEntry, log, isDemo);
  const { quit } = controlQuit({
    ...time,
    store,
    link,
    log,
    translate,
    unasked: isDemo,
    showDeparture: (refused) => popover.show('state', refused),
  });
  const answer = answerBridge({
    world: () => store.getState().world,
    callEngine: (method, input) => link.call(method, input),
    settingsChanged: () => void feed.refreshSettings(),
    context: () => contextOf(store.getState()),
    copyText: async (text) => clipboard.writeText(text),
    popover: () => popover,
    demo: () => demo,
    quit: () => quit('person'),
  });
  const ipc = openIpc(answer, log);
  const demo = demoFromEnvironment(process.env, ipc, () => quit('signal'));
  const popover = new Popover({
    ...time,
    store,
    ipc,
    announce: announcer(process.env),
    preload: paths.preload,
    memory: openWindowMemory(app.getPath('userData')),
    trayBounds,
    isDemo,
  });
  presentNotices({ ...time, store, log, translate, onClick: () => popover.show() });
  followLanguage(store, () => setAppMenu(translate()));
  pushToRenderer(store, ipc);
  watchHost({ ...time, store, link, feed, quit: () => quit('shutdown') });
  if (isDemo) popover.show();
  return {
    act: shellActions({ link, popover, quit: () => quit('person') }),
    show: () => popover.show(),
    toggle: () => popover.toggle(),
    warn: (message) => log.warn(message),
  };
}
