import { readFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as axe from 'axe-core';
import { translator, type Language, type MessageKey } from '../../src-shared/language/translate.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { pairing, pairingWorlds, pairWorlds } from '../doubles/pair-worlds.ts';
import { freshly, worlds } from '../doubles/worlds.ts';
import { checkout } from './harness.ts';
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
  await page.evaluate(
    await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  );
});

afterAll(() => shell.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });

async function back(language: Language = 'en'): Promise<void> {
  await button(translator(language)('page.back')).click();
}

/** A picture, and nothing in it is cut off at the side or hard to use for those who cannot see it. */
async function look(name: string): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), name).toBe(true);
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

const looks = (['en', 'ko'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((theme) => [language, theme] as const),
);

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
