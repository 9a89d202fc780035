import { readFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as axe from 'axe-core';
import { translator } from '../../src-shared/language/translate.ts';
import { tunnelWorlds, wakeWorld } from '../doubles/tunnel-worlds.ts';
import { worlds } from '../doubles/worlds.ts';
import { checkout } from './harness.ts';
import { looks } from './looks.ts';
import { launchShell, type Shell } from './shell-app.ts';

/** The page of the tunnel: the steps of a join, the path, what can be done. */
const folder = join(checkout, 'test/e2e/screens');
const t = translator('en');
let shell: Shell;
let page: Page;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  shell = await launchShell(worlds.running);
  page = await shell.popover();
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
});
afterAll(() => shell.close());

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

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

async function openTunnel(language: 'en' | 'ko'): Promise<void> {
  const words = translator(language);
  await shell.show(page, tunnelWorlds.connected);
  await button(words('link.open')).click();
  const open = { kind: words('tunnel.kind.submariner'), state: words('tunnel.state.connected') };
  await button(words('tunnel.open', open)).click();
  await page.getByRole('heading', { name: words('page.tunnel') }).waitFor();
}

test.each(looks)('every state of it, in %s, %s', async (language, theme) => {
  await shell.theme(theme);
  shell.engine.set('language', language);
  await page.locator(`html[lang=${language}]`).waitFor();
  await openTunnel(language);
  for (const [name, world] of Object.entries(tunnelWorlds)) {
    await shell.show(page, world);
    await look(`tunnel-${name}-${language}-${theme}`);
  }
  await button(translator(language)('page.back')).click();
  await shell.show(page, wakeWorld);
  await look(`wake-${language}-${theme}`);
});

test('names in the DNS of this cluster are asked for, and given by one click', async () => {
  shell.engine.set('language', 'en');
  await page.locator('html[lang=en]').waitFor();
  await openTunnel('en');
  await shell.show(page, tunnelWorlds.unnamed);
  await button(t('tunnel.names.allow')).click();
  const { input } = await shell.engine.calls.see(({ method }) => method === 'settings.set', 5000);
  expect(input).toMatchObject({ key: 'tunnel.names', value: true });
  await button(t('page.back')).click();
});

test('a join shows its steps, and can be ended; what has joined is left only when asked twice', async () => {
  shell.engine.set('language', 'en');
  await page.locator('html[lang=en]').waitFor();
  await openTunnel('en');
  await shell.show(page, tunnelWorlds.joining);
  const running = page.locator('li[aria-current=step]');
  expect(await running.textContent()).toContain('Deploying the Submariner operator');
  await button(t('tunnel.cancel')).click();
  await shell.engine.calls.see(({ method }) => method === 'tunnel.cancel', 5000);
  await shell.show(page, tunnelWorlds.connected);
  await page.getByText(t('tunnel.hop.peerGateway')).waitFor();
  await button(t('tunnel.leave')).click();
  await button(t('tunnel.leave.sure')).click();
  const { input } = await shell.engine.calls.see(({ method }) => method === 'tunnel.leave', 5000);
  expect(input).toEqual({ yes: true });
  await button(t('page.back')).click();
});
