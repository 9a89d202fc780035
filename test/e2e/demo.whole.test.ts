import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type * as axe from 'axe-core';
import { translator, type Language } from '../../src-shared/language/translate.ts';
import { checkout, launchApp, type RunningApp } from './harness.ts';

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

/** The panel of the built-in pair: two real engines, a real load, and a person who moves the edge's battery. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

const folder = join(checkout, 'test/e2e/screens');
const t = translator('en');

interface Ready {
  readonly core: { readonly home: string; readonly vitalsRoot: string };
  readonly edge: { readonly home: string };
  readonly panel: string;
}

let demo: ChildProcess;
let ready: Ready;
let running: RunningApp;
let page: Page;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  demo = spawn(
    process.execPath,
    [join(checkout, 'out/cli/demo.js'), '--headless', '--json', '--fast', '--load=60'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  ready = await firstDocument(demo);
  running = await launchApp({
    home: ready.core.home,
    vitalsRoot: ready.core.vitalsRoot,
    // A second engine would be a mistake of the shell's: it must not even start.
    env: { TANDEM_DEMO_SOCKET: ready.panel, TANDEM_LANG: 'en', TANDEM_NODE: '/bin/false' },
  });
  page = running.app.windows()[0] ?? (await running.app.firstWindow());
  // As text over the debugger: the page's own policy lets in no script of others.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});
afterAll(async () => {
  demo?.kill('SIGTERM');
  if (demo?.exitCode === null) await once(demo, 'exit');
  await running?.close();
});

function firstDocument({ stdout }: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    if (stdout === null) return reject(new Error('no output'));
    const lines = createInterface(stdout);
    lines.once('line', (line) => resolve(JSON.parse(line) as Ready));
    lines.once('close', () => reject(new Error('the demo ended')));
  });
}

const within = (timeout: number) => ({ timeout, interval: 250 });
const perSecond = async (side: 'core' | 'edge'): Promise<number> =>
  Number(await page.locator(`[data-side=${side}]`).getAttribute('data-per-second'));
const state = () => page.locator('[data-handoff]').getAttribute('data-handoff');
const lost = async (): Promise<number> => Number(await page.locator('[data-lost]').getAttribute('data-lost'));

/** A picture; nothing is cut off at the side, and axe finds nothing serious. */
async function look(name: string, language: Language): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    name,
  ).toEqual([]);
  await page.screenshot({ path: join(folder, `demo-${name}-${language}.png`), animations: 'disabled' });
}

test('the panel shows both backends; a low battery off the adapter sends the edge away, and nothing is lost', async () => {
  // It opened by itself.
  await page.getByRole('heading', { level: 1, name: t('page.demo') }).waitFor();
  await expect.poll(() => perSecond('core'), within(20_000)).toBeGreaterThan(0);
  await expect.poll(() => perSecond('edge'), within(20_000)).toBeGreaterThan(0);
  await look('serving', 'en');
  await page.getByLabel(t('demo.ac')).uncheck();
  await page.getByRole('slider', { name: t('meter.battery') }).fill('24');
  await expect.poll(state, within(120_000)).toBe('OFFLINE');
  await expect.poll(() => perSecond('edge'), within(10_000)).toBe(0);
  expect(await perSecond('core')).toBeGreaterThan(0);
  expect(await lost()).toBe(0);
  await look('offline', 'en');
  await page.evaluate(() => window.tandem.call('settings.set', { key: 'language', value: 'ko' }));
  await page.locator('html[lang=ko]').waitFor();
  await running.app.evaluate(({ nativeTheme }) => void (nativeTheme.themeSource = 'dark'));
  await look('offline', 'ko');
  // Its end is the app's, and nothing of it stays.
  const gone = once(running.app.process(), 'exit');
  demo.kill('SIGTERM');
  await gone;
  await expect.poll(() => demo.exitCode, within(30_000)).toBe(0);
  const left = [ready.core.home, ready.edge.home, ready.panel].filter((path) => existsSync(path));
  expect(left).toEqual([]);
});
