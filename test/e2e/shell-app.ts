import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Language } from '../../src-shared/language/translate.ts';
import type { World } from '../../src-shared/world/world.ts';
import { startFakeEngine, type FakeEngine } from '../doubles/engine.ts';
import { freshly } from '../doubles/worlds.ts';
import { launchApp, type RunningApp } from './harness.ts';

/** The real shell and popover, attached to an engine of scripted Worlds. */
export interface Shell {
  readonly running: RunningApp;
  readonly engine: FakeEngine;
  /** Opens the popover by its icon, when it is not open. */
  popover(): Promise<Page>;
  /** Shows a World and waits until the page has drawn it. */
  show(page: Page, world: World): Promise<void>;
  theme(theme: 'light' | 'dark'): Promise<void>;
  close(): Promise<void>;
}

export async function launchShell(world: World, language: Language = 'en'): Promise<Shell> {
  const home = await mkdtemp(join(tmpdir(), 'tandem-shell-'));
  const engine = await startFakeEngine(home, freshly(world));
  const env = {
    TANDEM_LANG: language,
    TANDEM_ANNOUNCE: '1',
    // A second engine would be a mistake of the shell's: it must not even start.
    TANDEM_NODE: '/bin/false',
  };
  const running = await launchApp({ home, vitalsRoot: join(home, 'no-sensors'), env });
  await engine.calls.see(({ method }) => method === 'status.subscribe', 15_000);
  return {
    running,
    engine,
    popover: async () => (await shownPage(running)) ?? running.open(),
    show: async (page, next) => {
      engine.show(freshly(next));
      await drawn(page);
    },
    theme: async (theme) => {
      await running.app.evaluate(({ nativeTheme }, to) => void (nativeTheme.themeSource = to), theme);
    },
    close: async () => {
      await running.close();
      await engine.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The popover's page when it is on the screen. */
async function shownPage({ app }: RunningApp): Promise<Page | null> {
  const [page] = app.windows();
  if (page === undefined) return null;
  const visible = await app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false,
  );
  return visible ? page : null;
}

/** A World comes to the page within a few frames. */
async function drawn(page: Page): Promise<void> {
  await pause(150);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
