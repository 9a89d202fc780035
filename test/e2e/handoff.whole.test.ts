import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as axe from 'axe-core';
import { translator, type Language } from '../../src-shared/language/translate.ts';
import type { Method } from '../../src-shared/commands/registry.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { departureRecord, dryRun, lossRecord } from '../doubles/handoff-parts.ts';
import { coreWorlds, edgeWorlds } from '../doubles/handoff-worlds.ts';
import { checkout } from './harness.ts';
import { looks } from './looks.ts';
import { launchShell, type Shell } from './shell-app.ts';

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

/** Departure and return as a person sees them: both Macs, every state, both languages. */
const folder = join(checkout, 'test/e2e/screens');
const english = translator('en');
/** The popover must not scroll at this height in the states that people meet. */
const HEIGHT_PIXELS = 600;
/** With evidence of a break, or with a hold and its steps, there is more to read. */
const TALL: ReadonlySet<string> = new Set(['core-lost', 'core-hold']);

let shell: Shell;
let page: Page;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  shell = await launchShell(edgeWorlds.serving);
  page = await shell.popover();
  // As text over the debugger: the page's own policy lets in no script of others.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});

afterAll(() => shell.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const asked = (method: Method, input: unknown) =>
  shell.engine.calls.see(
    (call) => call.method === method && JSON.stringify(call.input) === JSON.stringify(input),
    5000,
  );

/** A picture; nothing is cut off at the side, and axe finds nothing serious. */
async function look(name: string): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), name).toBe(
    true,
  );
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    name,
  ).toEqual([]);
  await page.screenshot({ path: join(folder, `handoff-${name}.png`), animations: 'disabled' });
}

const heightOf = () =>
  page.evaluate(() => document.querySelector('.popover')?.getBoundingClientRect().height ?? 0);

async function speak(language: Language, theme: 'light' | 'dark'): Promise<void> {
  await shell.theme(theme);
  shell.engine.set('language', language);
  await page.locator(`html[lang=${language}]`).waitFor();
}

test.each(looks)('every state on both Macs, in %s, %s', async (language, theme) => {
  await speak(language, theme);
  const states = [
    ...Object.entries(edgeWorlds).map(([name, world]) => [`edge-${name}`, world] as const),
    ...Object.entries(coreWorlds).map(([name, world]) => [`core-${name}`, world] as const),
  ];
  const heights: Record<string, number> = {};
  for (const [name, world] of states) {
    await shell.show(page, world);
    heights[name] = await heightOf();
    await look(`${name}-${language}-${theme}`);
  }
  const tooTall = Object.entries(heights).filter(
    ([name, height]) => height > HEIGHT_PIXELS && !TALL.has(name),
  );
  expect(tooTall).toEqual([]);
});

test.each(looks)('the dry run, reports and history, in %s, %s', async (language, theme) => {
  const t = translator(language);
  await speak(language, theme);
  const now = new Date().toISOString();
  shell.engine.records.splice(0, Infinity, departureRecord('report-1', now), lossRecord('report-2', now));
  await shell.show(page, edgeWorlds.serving);
  await button(t('dryRun.open.link')).click();
  await page.getByText('p95').first().waitFor();
  await look(`dry-run-${language}-${theme}`);
  await button(t('dryRun.stay')).click();
  await shell.show(page, edgeWorlds.offline);
  await button(t('page.report')).click();
  await page.getByRole('heading', { level: 2, name: t('steps.title') }).waitFor();
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
  await look(`report-${language}-${theme}`);
  await button(t('page.back')).click();
  await button(t('page.history')).click();
  await page.getByRole('listitem').first().waitFor();
  await look(`history-${language}-${theme}`);
  await page
    .getByRole('button', { name: new RegExp(`^${t('page.report')}: `) })
    .first()
    .click();
  await page.getByText('/orders').first().waitFor();
  await look(`report-loss-${language}-${theme}`);
  // The way back leads where it came from.
  await button(t('page.back')).click();
  await page.getByRole('heading', { level: 1, name: t('page.history') }).waitFor();
  await button(t('page.back')).click();
});

test.each(looks)('settings of traffic, departure and return, in %s, %s', async (language, theme) => {
  const t = translator(language);
  await speak(language, theme);
  await shell.show(page, edgeWorlds.serving);
  await button(t('page.settings')).click();
  for (const title of ['settings.traffic', 'settings.handoff', 'settings.return'] as const)
    await page.getByRole('heading', { name: t(title), exact: true }).click();
  await page.getByLabel(t('setting.traffic.front')).scrollIntoViewIfNeeded();
  await look(`settings-${language}-${theme}`);
  await page.getByLabel(t('setting.handoff.return.slowerMs')).scrollIntoViewIfNeeded();
  await look(`settings-end-${language}-${theme}`);
  await button(t('page.back')).click();
});

test('leaving, calling it off and coming back are one press', async () => {
  await speak('en', 'light');
  await shell.show(page, edgeWorlds.serving);
  await button('Leave now').click();
  await asked('handoff.leave', { now: true });
  await shell.show(page, edgeWorlds.draining);
  await button('Cancel').click();
  await asked('handoff.cancel', {});
  await shell.show(page, edgeWorlds.offline);
  await button('Bring back').click();
  await asked('handoff.return', {});
});

test('a countdown has its three choices, and a clock that is not read aloud each second', async () => {
  await shell.show(page, edgeWorlds.countdown);
  await page.getByRole('heading', { level: 1, name: 'This Mac is about to leave' }).waitFor();
  const clock = page.getByRole('timer');
  expect(await clock.innerText()).toMatch(/^0:4\d$/);
  expect(await clock.getAttribute('aria-live')).toBe('off');
  const before = shell.engine.calls.all.length;
  await button('Delay 10 min').click();
  await asked('handoff.delay', {});
  await button('Go now').click();
  await button('Cancel').click();
  await asked('handoff.cancel', {});
  const after = shell.engine.calls.all
    .slice(before)
    .flatMap(({ method }) => (method.startsWith('handoff.') ? [method] : []));
  expect(after).toEqual(['handoff.delay', 'handoff.leave', 'handoff.cancel']);
});

test('what must be cannot be called off, and from the end on nothing can', async () => {
  await shell.show(page, edgeWorlds.forced);
  expect(await button('Cancel').count()).toBe(0);
  await shell.show(page, edgeWorlds.released);
  expect(await button('Cancel').count()).toBe(0);
  await page.getByRole('heading', { level: 1, name: 'Safe to close the lid' }).waitFor();
});

test('the core offers to leave now, says whom it asks, and no delay: that is for who sits at the edge', async () => {
  await shell.show(page, coreWorlds.serving);
  await button('Leave now: MacBook').click();
  await asked('handoff.leave', { now: true });
  await page.getByText('MacBook: keep the lid open').waitFor();
  await shell.show(page, coreWorlds.countdown);
  await button('Go now').waitFor();
  expect(await button('Delay 10 min').count()).toBe(0);
});

test('the bar follows what was measured, and the wish is a mark beside it', async () => {
  await shell.show(page, edgeWorlds.serving);
  const share = () =>
    page.evaluate(() => {
      const width = (selector: string): number =>
        document.querySelector(selector)?.getBoundingClientRect().width ?? 0;
      return Math.round((width('.share .core') / width('.share')) * 100);
    });
  await expect.poll(share).toBe(21);
  expect(await page.locator('.share u').count()).toBe(1);
  await page.getByText('118 requests/s').waitFor();
  await shell.show(page, edgeWorlds.offline);
  await expect.poll(share).toBe(100);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await shell.show(page, edgeWorlds.serving);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.emulateMedia({ reducedMotion: null });
});

test('a dry run that finds a problem says it, and what would be refused is refused in words', async () => {
  await shell.show(page, edgeWorlds.serving);
  const unfit = dryRun({ coreFit: false, problems: [{ code: 'coreUnfit', params: {} }] });
  shell.engine.answer('handoff.dryRun', async () => ok(unfit));
  shell.engine.answer('handoff.leave', async () => fail('coreUnfit'));
  await button(english('dryRun.open.link')).click();
  await page.getByText('This Mac would not leave now').waitFor();
  await look('dry-run-unfit-en-light');
  await button('Leave now').click();
  await page.getByRole('alert').filter({ hasText: 'The core cannot carry everything now' }).waitFor();
  await button('Back').click();
  shell.engine.answer('handoff.dryRun', async () => ok(dryRun()));
  shell.engine.answer('handoff.leave', async () => ok(edgeWorlds.preparing.handoff!));
});

test('of a report that the other Mac keeps the steps are known here', async () => {
  shell.engine.records.splice(0, Infinity);
  await shell.show(page, edgeWorlds.offline);
  await button('Report').click();
  await page.getByText('The full report stands in the history of Mac mini').waitFor();
  expect(await page.getByRole('listitem').count()).toBe(5);
  await look('report-elsewhere-en-light');
  await button('Back').click();
});

test('the icon has a shape for each way, and a notice says once that the lid may be closed', async () => {
  const { tray, notifications } = shell.running;
  await page.keyboard.press('Escape');
  const shapes = new Set<string>();
  for (const [world, words] of [
    [edgeWorlds.serving, 'Both Macs are well'],
    [edgeWorlds.shifting, 'Moving traffic to Mac mini'],
    [edgeWorlds.offline, 'Safe to close the lid'],
    [edgeWorlds.returning, 'This Mac is coming back'],
  ] as const) {
    shell.engine.show(world);
    await expect.poll(() => tray.tooltip()).toContain(words);
    shapes.add((await tray.picture()).rgba.toString('base64'));
  }
  expect(shapes.size).toBe(4);
  const moved = {
    id: 'moved-1',
    category: 'handoff',
    kind: 'handoffMoved',
    severity: 'info',
    params: { side: 'edge', name: 'Mac mini', moved: 3214, cut: 0 },
    at: new Date().toISOString(),
    open: false,
  } as const;
  shell.engine.show({ ...edgeWorlds.offline, notices: [moved] });
  const note = await notifications.see(({ title }) => title === 'Safe to close the lid');
  expect(note.body).toContain('Mac mini serves everything.');
  expect(note.body).toContain('3214 requests moved, none was cut.');
  page = await shell.popover();
});
