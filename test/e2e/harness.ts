import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { startDesktop, type Desktop } from '../doubles/desktop.ts';
import { giveOwnHostPort } from '../doubles/own-port.ts';
import type { Notifications } from '../doubles/notifications.ts';
import type { TrayItem } from '../doubles/tray-host.ts';

export interface LaunchOptions {
  /** TANDEM_HOME; the app's own data goes below it too. */
  readonly home: string;
  /** VITALS_ROOT: a full one, because tests never read this host (design decision 17). */
  readonly vitalsRoot: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another app than the one of this checkout. */
  readonly appFolder?: string;
}

/** The real app in the real Electron, on a desktop of doubles. */
export interface RunningApp {
  readonly app: ElectronApplication;
  readonly tray: TrayItem;
  readonly notifications: Notifications;
  /** Everything that the app wrote to its standard output and error. */
  output(): string;
  /** Clicks the icon and waits until a page of that name is shown. */
  open(page?: string): Promise<Page>;
  /** Quits the app, as its menu would, and then ends the desktop. Never the other way round. */
  close(): Promise<void>;
}

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

const WINDOW_MS = 15_000;
const QUIT_MS = 15_000;

export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  giveOwnHostPort(options.home);
  const desktop = await startDesktop();
  try {
    const app = await _electron.launch({
      executablePath: electronProgram(),
      args: [...switches(options.home), options.appFolder ?? checkout],
      env: environment(options),
      // Playwright's default emulates "light", which hides what the app asks of nativeTheme.
      colorScheme: null,
    });
    return await meet(app, desktop);
  } catch (error) {
    desktop.stop();
    throw error;
  }
}

/** The Electron that scripts/test.mjs found, or what stands in this checkout. */
export function electronProgram(): string {
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(checkout, '.electron/dist');
  const program = join(dist, 'electron');
  return existsSync(program) ? program : (createRequire(import.meta.url)('electron') as string);
}

/** Root has no sandbox on Linux; a data folder of its own also keeps "one instance only" apart. */
export function switches(home: string): string[] {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...sandbox, '--disable-dev-shm-usage', `--user-data-dir=${join(home, 'electron')}`];
}

/** The app must not notice that it is tested, except by what is asked for. */
export function environment({ home, vitalsRoot, env }: LaunchOptions): Record<string, string> {
  const ours = /^(VITEST|NODE_ENV$|NODE_OPTIONS$|ELECTRON_|TANDEM_|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/;
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !ours.test(entry[0]),
  );
  return { ...Object.fromEntries(inherited), TANDEM_HOME: home, VITALS_ROOT: vitalsRoot, ...env };
}

async function meet(app: ElectronApplication, desktop: Desktop): Promise<RunningApp> {
  let written = '';
  // Taken now: Playwright gives it no more once the app was killed.
  const child = app.process();
  const { stdout, stderr } = child;
  for (const stream of [stdout, stderr]) stream?.on('data', (data: Buffer) => (written += data.toString()));
  const close = async (): Promise<void> => {
    await quit(app, child);
    desktop.stop();
  };
  try {
    const early = once(child, 'exit').then(() => Promise.reject(new Error('the app ended')));
    const tray = await Promise.race([desktop.tray.nextItem(), early]);
    return {
      app,
      tray,
      notifications: desktop.notifications,
      output: () => written,
      open: (page = 'popover.html') => openByTray(app, tray, page),
      close,
    };
  } catch (error) {
    await close();
    throw new Error(`the app showed no tray icon; it wrote:\n${written.slice(-4000)}`, { cause: error });
  }
}

async function openByTray(app: ElectronApplication, tray: TrayItem, name: string): Promise<Page> {
  await tray.activate();
  const limit = performance.now() + WINDOW_MS;
  while (performance.now() < limit) {
    const page = app.windows().find((window) => new URL(window.url()).pathname.endsWith(`/${name}`));
    if (page && (await isShown(app, page))) return page;
    await pause(50);
  }
  throw new Error(`${name} was not shown within ${WINDOW_MS} ms`);
}

async function isShown(app: ElectronApplication, page: Page): Promise<boolean> {
  const window = await app.browserWindow(page);
  return window.evaluate((browserWindow) => browserWindow.isVisible());
}

/** An app that does not quit is ended, so that the next test starts clean; the test that wanted it to quit fails by itself. */
async function quit(app: ElectronApplication, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // Over Node's inspector: page handles are dead once the machine was suspended.
  void app.evaluate((electron) => electron.app.quit()).catch(() => undefined);
  const late = pause(QUIT_MS, 'late', { ref: false });
  if ((await Promise.race([gone, late])) === 'late') child.kill('SIGKILL');
  await gone;
}
