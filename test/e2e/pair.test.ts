import { readFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as axe from 'axe-core';
import { translator, type Language } from '../../src-shared/language/translate.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Method } from '../../src-shared/commands/registry.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { pairingWorlds, pairWorlds } from '../doubles/pair-worlds.ts';
import { worlds } from '../doubles/worlds.ts';
import { checkout } from './harness.ts';
import { looks } from './looks.ts';
import { launchShell, type Shell } from './shell-app.ts';

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

/** The screens of the other Mac: opened by role, checked by axe, kept as pictures for people to look at. */
const folder = join(checkout, 'test/e2e/screens');
const english = translator('en');

let shell: Shell;
let page: Page;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  shell = await launchShell(worlds.running);
  page = await shell.popover();
  // As text over the debugger: the page's own policy lets in no script of others.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});

afterAll(() => shell.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });

/** The first time that the engine was asked this. */
const asked = (name: Method) => shell.engine.calls.see(({ method }) => method === name, 5000);

async function back(language: Language = 'en'): Promise<void> {
  await button(translator(language)('page.back')).click();
}

/** A picture, and nothing in it is cut off at the side or hard to use for those who cannot see it. */
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
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

async function speak(language: Language, theme: 'light' | 'dark'): Promise<void> {
  await shell.theme(theme);
  shell.engine.set('language', language);
  await page.locator(`html[lang=${language}]`).waitFor();
}

test.each(looks)('the pair on the first page, in %s, %s', async (language, theme) => {
  await speak(language, theme);
  for (const [name, world] of Object.entries(pairWorlds)) {
    await shell.show(page, world);
    await look(`pair-${name}-${language}-${theme}`);
  }
});

test.each(looks)('the page of the link, in %s, %s', async (language, theme) => {
  const t = translator(language);
  await speak(language, theme);
  await shell.show(page, pairWorlds.up);
  await button(t('link.open')).click();
  await page.locator('.breaks').waitFor();
  await page.getByRole('img', { name: /./ }).first().waitFor();
  await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
  await look(`link-page-${language}-${theme}`);
  await button(t('link.unpair')).scrollIntoViewIfNeeded();
  await look(`link-page-end-${language}-${theme}`);
  await back(language);
});

test.each(looks)('the page of pairing, in %s, %s', async (language, theme) => {
  const t = translator(language);
  await speak(language, theme);
  await shell.show(page, pairWorlds.unpaired);
  await button(t('peer.unpaired.row')).click();
  await page.getByText('192.0.2.20:47321').waitFor();
  await look(`pairing-begin-${language}-${theme}`);
  for (const [name, world] of Object.entries(pairingWorlds)) {
    await shell.show(page, world);
    await look(`pairing-${name}-${language}-${theme}`);
  }
  await shell.show(page, pairWorlds.unpaired);
  await back(language);
});

test('the digits are read one by one, and Enter says "Different"', async () => {
  await speak('en', 'light');
  await shell.show(page, pairWorlds.unpaired);
  await button(english('peer.unpaired.row')).click();
  await button(english('pair.wait')).click();
  await asked('pair.open');
  await shell.show(page, pairingWorlds.compare);
  const told = page.getByRole('status').filter({ hasText: '0 4 8, 2 1 3' });
  await told.waitFor();
  expect(await told.getAttribute('aria-live')).toBe('polite');
  const different = button(english('pair.different'));
  expect(await different.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  const { input } = await asked('pair.answer');
  expect(input).toEqual({ same: false });
  await shell.show(page, pairWorlds.unpaired);
  await back();
});

test('an address is called by Enter, and what is wrong with it is said', async () => {
  await shell.show(page, pairWorlds.unpaired);
  await button(english('peer.unpaired.row')).click();
  shell.engine.answer('pair.dial', async ({ host }) => fail('peerUnreachable', { host, port: 47_321 }));
  await page.getByLabel(english('pair.call.address')).fill('192.0.2.99');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Nothing answers at 192.0.2.99.' }).waitFor();
  await look('pairing-refused-en-light');
  await back();
});

test('the network is asked for once, and the answer goes to the engine', async () => {
  await shell.show(page, pairWorlds.otherNetwork);
  await button(english('network.yes')).click();
  const { input } = await asked('peer.network');
  expect(input).toEqual({ trust: true });
});

test('the pairing ends only after a question, and the harmless answer has the focus', async () => {
  await shell.show(page, pairWorlds.up);
  await button(english('link.open')).click();
  await button(english('link.unpair')).click();
  const keep = button(english('link.unpair.no'));
  expect(await keep.evaluate((element) => element === document.activeElement)).toBe(true);
  await look('unpair-question-en-light');
  await page.keyboard.press('Escape');
  await button(english('link.unpair')).click();
  await button(english('link.unpair.yes')).click();
  const { input } = await asked('peer.unpair');
  expect(input).toEqual({ yes: true });
});

test('an edge that cannot leave is unpaired by a second yes, from the link and from a failed pairing', async () => {
  const forced: unknown[] = [];
  shell.engine.answer('peer.unpair', async (input) => {
    if (input.force !== true) return fail('leaveFirst');
    forced.push(input);
    return ok({ link: pairWorlds.up.link, peer: null });
  });
  await shell.show(page, pairWorlds.up);
  await button(english('link.open')).click();
  await button(english('link.unpair')).click();
  await button(english('link.unpair.yes')).click();
  await button(english('link.unpair.anyway')).waitFor();
  const keep = button(english('link.unpair.no'));
  expect(await keep.evaluate((element) => element === document.activeElement)).toBe(true);
  await look('unpair-serving-en-light');
  await button(english('link.unpair.anyway')).click();
  await button(english('link.open')).waitFor();
  await shell.show(page, pairWorlds.unpaired);
  await button(english('peer.unpaired.row')).click();
  await shell.show(page, pairingWorlds.keyChanged);
  await button(english('pair.forget', { name: 'Mac mini' })).click();
  await button(english('link.unpair.anyway')).click();
  await expect
    .poll(() => forced)
    .toEqual([
      { yes: true, force: true },
      { yes: true, force: true },
    ]);
  await shell.show(page, pairWorlds.unpaired);
  await back();
});

test.each(looks)('settings and history of the link, in %s, %s', async (language, theme) => {
  const t = translator(language);
  await speak(language, theme);
  await shell.show(page, pairWorlds.up);
  shell.engine.records.splice(0, Infinity, ...records());
  await button(t('page.history')).click();
  await page.getByRole('listitem').first().waitFor();
  await look(`link-history-${language}-${theme}`);
  await back(language);
  await button(t('page.settings')).click();
  await page.locator('summary').last().click();
  await page.getByLabel(t('setting.link.discovery')).scrollIntoViewIfNeeded();
  await look(`link-settings-${language}-${theme}`);
  await back(language);
});

function records(): HistoryRecord[] {
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const record = (
    id: string,
    minutes: number,
    kind: string,
    evidence: HistoryRecord['evidence'],
  ): HistoryRecord => ({ id, at: ago(minutes), kind, what: kind, why: null, evidence });
  const name = 'Mac mini';
  return [
    record('1', 300, 'peer.paired', { name }),
    record('2', 200, 'link.down', { name, class: 'LEFT', byeReason: 'sleep' }),
    record('3', 190, 'link.up', { name, lastedMs: 600_000 }),
    record('4', 30, 'link.down', { class: 'PEER_UNREACHABLE', likely: 'asleep', byeReason: null }),
    record('5', 29, 'link.corrected', { class: 'APP_HUNG', likely: null }),
    record('6', 29, 'link.up', { lastedMs: 41_000 }),
    record('7', 5, 'link.roamed', { name, who: 'peer', from: '192.0.2.20', to: '192.0.2.33' }),
  ];
}
