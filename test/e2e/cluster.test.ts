import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type * as axe from 'axe-core';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { translator, type Language } from '../../src-shared/language/translate.ts';
import type { World } from '../../src-shared/world/world.ts';
import { clusterWorlds, COREDNS, corednsReport, elsewhere } from '../doubles/cluster-worlds.ts';
import { worlds } from '../doubles/worlds.ts';
import { checkout } from './harness.ts';
import { looks } from './looks.ts';
import { launchShell, type Shell } from './shell-app.ts';

/** The page of a cluster: all that its card has no room for, and the clusters of others. */
const folder = join(checkout, 'test/e2e/screens');
const t = translator('en');
let shell: Shell;
let page: Page;

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  shell = await launchShell(worlds.running);
  shell.engine.answer('cluster.logs', async ({ pod }) => ok({ ...corednsReport(), pod: pod ?? COREDNS }));
  page = await shell.popover();
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});
afterAll(() => shell.close());

beforeEach(async () => {
  page = await shell.popover();
  others([]);
  await speak('en');
  // A test that failed may have left its page open.
  if ((await button(t('page.back')).count()) > 0) await back();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const others = (list: typeof elsewhere) =>
  shell.engine.answer('cluster.list', async () => ok({ clusters: [], others: list }));
const called = (method: string, input: unknown) =>
  shell.engine.calls.see(
    (call) => call.method === method && JSON.stringify(call.input) === JSON.stringify(input),
    5000,
  );

async function speak(language: Language): Promise<void> {
  shell.engine.set('language', language);
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** By the one click that leads there. */
async function openAt(world: World, language: Language = 'en'): Promise<void> {
  const words = translator(language);
  await shell.show(page, world);
  const [first] = world.clusters;
  const way =
    first === undefined
      ? words('elsewhere.open')
      : words('cluster.details.named', { name: world.primaryCluster });
  await button(way).click();
  await page.getByRole('heading', { level: 1, name: words('page.cluster') }).waitFor();
}

const back = (language: Language = 'en') => button(translator(language)('page.back')).click();

async function look(name: string): Promise<void> {
  const isWhole = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth <= clientWidth;
    });
  expect(await isWhole(), name).toBe(true);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    name,
  ).toEqual([]);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

/** Whose way to the page is drawn, too; other cards are among the screens. */
const cards: readonly string[] = ['slow', 'failing', 'none'];

test.each(looks)('every state of it, in %s, %s', async (language, theme) => {
  const words = translator(language);
  const at = (name: string) => look(`cluster-${name}-${language}-${theme}`);
  await shell.theme(theme);
  await speak(language);
  for (const [name, world] of Object.entries(clusterWorlds)) {
    others(name === 'none' ? elsewhere : []);
    await openAt(world, language);
    if (name === 'none') await button(words('adopt.named', { name: 'kind' })).waitFor();
    await at(name);
    await back(language);
    if (cards.includes(name)) await at(`card-${name}`);
  }
  await openAt(clusterWorlds.failing, language);
  await page.getByText(COREDNS).click();
  await page.locator('pre').scrollIntoViewIfNeeded();
  await at('pod');
  await back(language);
  others(elsewhere);
  await openAt(clusterWorlds.running, language);
  await page.locator('summary').first().click();
  await button(words('runtime.stop', { runtime: 'Colima' })).click();
  await button(words('adopt.named', { name: 'kind' })).click();
  await at('questions');
  await page.getByText(words('adopt.ask', { name: 'kind' })).scrollIntoViewIfNeeded();
  await at('questions-adopt');
  await page.keyboard.press('Escape');
  await back(language);
});

test('why it is slow, how long each step has taken, and the way out of it', async () => {
  await openAt(clusterWorlds.slow);
  await page.getByText('"Wait for the API" has taken 41 s so far, usually 14 s.').waitFor();
  expect(await page.locator('li[aria-current=step]').innerText()).toContain('41 s, usually 14 s');
  await button('Cancel the operation on tandem').click();
  await called('cluster.cancel', { name: 'tandem' });
  // What is over is told with each of its steps.
  await shell.show(page, clusterWorlds.running);
  await page.getByText('The last start took 1 min 11 s').click();
  expect(
    await page
      .getByRole('list', { name: t('steps.title') })
      .getByRole('listitem')
      .count(),
  ).toBe(4);
  await back();
});

test('the log of a system pod that fails is one click away from the card; of what people run there is none', async () => {
  await shell.show(page, clusterWorlds.failing);
  expect(await page.getByRole('button', { name: /shop\/web-0/ }).count()).toBe(0);
  await page.getByRole('button', { name: new RegExp(COREDNS) }).click();
  const log = page.getByRole('region', { name: t('pod.log.of', { name: 'coredns' }) });
  expect(await log.innerText()).toContain('Loop (127.0.0.1:35983 -> :53) detected');
  await called('cluster.logs', { name: 'tandem', pod: COREDNS });
  await page.getByText('Back-off restarting failed container coredns in pod').waitFor();
  // Its newest lines are in sight, and it can be scrolled by keyboard.
  const atEnd = await log.evaluate((node) => node.scrollTop + node.clientHeight >= node.scrollHeight - 1);
  expect(atEnd).toBe(true);
  await log.focus();
  expect(await log.evaluate((node) => node === document.activeElement)).toBe(true);
  await back();
});

test('a pod that is well again says so, and is asked anew', async () => {
  shell.engine.answer('cluster.logs', async () => fail('podNotFailing', { name: 'tandem', pod: COREDNS }));
  await shell.show(page, clusterWorlds.failing);
  await page.getByRole('button', { name: new RegExp(COREDNS) }).click();
  await page.getByText('that fails now').waitFor();
  shell.engine.answer('cluster.logs', async () => ok(corednsReport()));
  await button(t('pod.again')).click();
  await page.locator('pre').waitFor();
  await back();
});

test('the kubeconfig goes to the clipboard, and not to the page', async () => {
  await openAt(clusterWorlds.running);
  await button(t('copy.kubeconfig')).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByText(t('copy.done')).count()).toBe(0);
  shell.engine.answer('cluster.kubeconfig', async () => ok({ kubeconfig: 'apiVersion: v1 # of tandem' }));
  await button(t('copy.kubeconfig')).click();
  await page.getByText(t('copy.done')).waitFor();
  const copied = await shell.running.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toBe('apiVersion: v1 # of tandem');
  expect(await page.content()).not.toContain('of tandem');
  await back();
  await openAt(clusterWorlds.demo);
  expect(await button(t('copy.kubeconfig')).count()).toBe(0);
  await back();
});

test('the runtime is stopped only after its sentence, and with no more leave than that gave', async () => {
  await openAt(clusterWorlds.running);
  await button('Stop Colima').click();
  await page.getByText('Containers of others end with it: db, web.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(t('runtime.ask.no'));
  await page.keyboard.press('Escape');
  // The question is gone, and the keyboard goes on from where it was.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Stop Colima');
  await page.keyboard.press('Enter');
  await page.locator('.danger').click();
  await called('runtime.stop', { force: true, yes: true });
  await back();
  await openAt(clusterWorlds.failed);
  await button('Stop Colima').click();
  await called('runtime.stop', { force: false, yes: false });
  await back();
  await openAt(clusterWorlds.down);
  await button('Start Colima').click();
  await called('runtime.start', {});
  await back();
});

test('a cluster that was made elsewhere is adopted with consent alone', async () => {
  others(elsewhere);
  await openAt(clusterWorlds.none);
  await button('Adopt kind').click();
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Adopt kind');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(t('adopt.no'));
  await button(t('adopt.yes')).click();
  await called('cluster.adopt', { name: 'kind', provider: 'kind', yes: true });
  await back();
  others([]);
  await openAt(clusterWorlds.none);
  await page.getByText(t('elsewhere.none')).waitFor();
  await back();
});
