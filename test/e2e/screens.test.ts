import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { reason, worlds } from '../doubles/worlds.ts';
import { checkout } from './harness.ts';
import { looks } from './looks.ts';
import { launchShell, type Shell } from './shell-app.ts';

/** Pictures of every state, for people to look at. */
const folder = join(checkout, 'test/e2e/screens');

let shell: Shell;
let page: Page;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  shell = await launchShell(worlds.running);
  shell.engine.records.push(...records());
  page = await shell.popover();
});

afterAll(() => shell.close());

const picture = async (name: string): Promise<void> => {
  const { width } = page.viewportSize() ?? { width: 360 };
  expect(width).toBeLessThanOrEqual(360);
  // Nothing is cut off at the side.
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
};

test.each(looks)('screens in %s, %s', async (language, theme) => {
  const t = translator(language);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const at = (name: string) => picture(`${name}-${language}-${theme}`);
  await shell.theme(theme);
  shell.engine.set('language', language);
  await page.locator(`html[lang=${language}]`).waitFor();
  for (const [name, world] of Object.entries(worlds)) {
    await shell.show(page, world);
    await at(name);
  }
  await shell.show(page, worlds.refused);
  await button(t('action.startAnyway')).click();
  await page.getByRole('textbox').fill('tandem');
  await at('start-anyway');
  await button(t('anyway.back')).click();
  await shell.show(page, worlds.running);
  await button(t('page.history')).click();
  await page.getByRole('listitem').first().waitFor();
  await at('history');
  await button(t('page.back')).click();
  await button(t('page.settings')).click();
  await page.getByRole('heading', { name: t('settings.general') }).waitFor();
  await at('settings');
  await page.locator('summary').first().click();
  const drainLine = page.getByLabel(t('setting.stages.battery.drainPercent')).first();
  await drainLine.fill('50');
  await drainLine.press('Enter');
  await page.getByRole('alert').scrollIntoViewIfNeeded();
  await at('settings-limits');
  await drainLine.press('Escape');
  await button(t('page.back')).click();
});

test('screen of a lost engine', async () => {
  await shell.engine.stop();
  await page.getByRole('heading', { name: translator('ko')('sentence.engineLost') }).waitFor();
  await picture('engine-lost-ko-dark');
});

function records(): HistoryRecord[] {
  const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const record = (
    id: string,
    minutes: number,
    kind: string,
    evidence: Record<string, unknown>,
    why: string | null = null,
  ) => ({
    id,
    at: at(minutes),
    kind,
    what: kind,
    why,
    evidence,
  });
  const error = { code: 'nodeExited', params: { node: 'tandem-worker2', detail: 'no space left on device' } };
  return [
    record('1', 1500, 'cluster.create', { name: 'tandem', outcome: 'done', elapsedMs: 96_000 }),
    record('2', 700, 'stage.entered', { to: 'drain', reasons: [{ ...reason(), since: at(700) }] }),
    record('3', 690, 'stage.cleared', {}),
    record('4', 60, 'cluster.start', { name: 'tandem', outcome: 'failed', error }),
    record('5', 50, 'cluster.start', { name: 'tandem', outcome: 'cancelled' }),
    record('6', 20, 'cluster.changed', { name: 'tandem', from: 'running', to: 'unknown' }, 'dockerDown'),
    record('7', 2, 'cluster.start', { name: 'tandem', outcome: 'done', elapsedMs: 34_000 }),
  ];
}
