import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as axe from 'axe-core';
import { worlds } from '../doubles/worlds.ts';
import { launchShell, type Shell } from './shell-app.ts';

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

let shell: Shell;
let page: Page;

beforeAll(async () => {
  shell = await launchShell(worlds.running);
  page = await shell.popover();
  // As text over the debugger: the page's own policy lets in no script of others.
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
});

afterAll(() => shell.close());

/** What axe-core finds serious, in words that name the place. */
async function problems(): Promise<string[]> {
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ''}`),
    );
}

test.each(['light', 'dark'] as const)('no serious violation in any state, %s', async (theme) => {
  await shell.theme(theme);
  for (const [name, world] of Object.entries(worlds)) {
    await shell.show(page, world);
    expect(await problems(), name).toEqual([]);
  }
});

test.each(['light', 'dark'] as const)('no serious violation on the other pages, %s', async (theme) => {
  await shell.theme(theme);
  await shell.show(page, worlds.demo);
  for (const name of ['Settings', 'History']) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.evaluate(() =>
      document.querySelectorAll('details').forEach((details) => (details.open = true)),
    );
    expect(await problems(), name).toEqual([]);
    await page.getByRole('button', { name: 'Back' }).click();
  }
});

test('no serious violation while the engine is away', async () => {
  await shell.engine.stop();
  await page.getByRole('heading', { name: "Tandem's engine has stopped" }).waitFor();
  expect(await problems()).toEqual([]);
});
