import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { colima, idleColima } from '../doubles/runtimes.ts';
import { stopped, world, worlds } from '../doubles/worlds.ts';
import { launchShell, type Shell } from './shell-app.ts';

let shell: Shell;
let page: Page;

beforeAll(async () => {
  shell = await launchShell(worlds.running);
});

afterAll(() => shell.close());

beforeEach(async () => {
  page = await shell.popover();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const called = (method: string, input: unknown) =>
  shell.engine.calls.see(
    (call) => call.method === method && JSON.stringify(call.input) === JSON.stringify(input),
    5000,
  );
const visible = () =>
  shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());

test('says the state, and what it rests on, to those who see and to those who listen', async () => {
  await shell.show(page, worlds.running);
  expect(await page.getByRole('status').innerText()).toContain('All is well: tandem is running');
  const meters = page.getByRole('meter');
  expect(await meters.count()).toBe(3);
  const spoken = await meters.evaluateAll((all) =>
    all.map((meter) => [meter.getAttribute('aria-label'), meter.getAttribute('aria-valuetext')]),
  );
  expect(spoken).toEqual([
    ['Memory', '5.1 / 8 GB · pressure normal'],
    ['Battery', '62 % 2 h 10 min to the drain line drain line at 25\u00a0%'],
    ['Heat', 'moderate level 1 of 4'],
  ]);
  expect(await page.getByRole('list', { name: 'Nodes' }).getByRole('listitem').count()).toBe(3);
});

test('follows the World without being asked', async () => {
  await shell.show(page, worlds.starting);
  await page.getByRole('heading', { name: 'Starting tandem' }).waitFor();
  await page.getByText('Not yet safe to close the lid').waitFor();
  expect(await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').allInnerTexts()).toHaveLength(
    4,
  );
  await shell.show(page, worlds.idle);
  await page.getByText('Safe to close the lid').waitFor();
});

test('while somebody looks the engine measures more often', async () => {
  await called('status.subscribe', { live: true });
});

test('stops, cancels and starts the cluster', async () => {
  await shell.show(page, worlds.running);
  await button('Stop tandem').click();
  await called('cluster.stop', { name: 'tandem' });
  await shell.show(page, worlds.starting);
  await button('Cancel the operation on tandem').click();
  await called('cluster.cancel', { name: 'tandem' });
  await shell.show(page, worlds.idle);
  await button('Start tandem').click();
  await called('cluster.start', { name: 'tandem', force: false });
});

test('the container runtime: its size, and its stop where nothing runs in it', async () => {
  await shell.show(page, { ...worlds.running, runtime: colima() });
  await page.getByText('Colima · running · 4 GB, 2 CPUs').waitFor();
  expect(await button('Stop Colima').count()).toBe(0);
  await shell.show(page, world({ clusters: [stopped()], runtime: idleColima() }));
  await page.getByText('Its stop gives back about 3 GB of memory.').waitFor();
  await button('Stop Colima').click();
  await called('runtime.stop', { force: false, yes: false });
  const down = colima({ state: 'stopped', containers: null, startable: true });
  await shell.show(page, { ...worlds.dockerDown, runtime: down });
  await button('Start Colima').click();
  await called('runtime.start', {});
});

test('a start that memory refuses is forced only by typing the name', async () => {
  await shell.show(page, worlds.refused);
  await page.getByText('There is not enough memory now').waitFor();
  await button('Start anyway…').click();
  const field = page.getByRole('textbox');
  await field.fill('tandm');
  expect(await button('Start anyway').isDisabled()).toBe(true);
  await field.fill('tandem');
  await button('Start anyway').click();
  await called('cluster.start', { name: 'tandem', force: true });
});

test('creates a cluster with the chosen tool, and says which cannot be used and why', async () => {
  await shell.show(page, worlds.absent);
  expect(await page.getByRole('radio', { name: 'minikube' }).isDisabled()).toBe(true);
  await page.getByText('minikube is not installed').waitFor();
  await page.getByRole('radio', { name: 'built-in demo' }).check();
  await button('Create').click();
  await called('cluster.create', { name: 'tandem', provider: 'embedded', nodes: 1, force: false });
});

test('a create that memory refuses says what would fit, and is forced as it was chosen', async () => {
  await shell.show(page, worlds.absent);
  const refusal = { name: 'tandem', needGb: '4.5', availableGb: '1.6', fitGb: '0.0' };
  shell.engine.answer('cluster.create', async () => fail('memoryRefused', refusal));
  await page.getByRole('radio', { name: 'built-in demo' }).check();
  await page.getByRole('combobox').selectOption('3');
  await button('Create').click();
  await page.getByText('No size would fit now').waitFor();
  await button('Start anyway…').click();
  await page.getByRole('textbox').fill('tandem');
  await button('Start anyway').click();
  await called('cluster.create', { name: 'tandem', provider: 'embedded', nodes: 3, force: true });
  await page.getByRole('alert').waitFor();
});

test('what went wrong is said with the next step, and can be put away', async () => {
  await shell.show(page, worlds.running);
  shell.engine.answer('cluster.stop', async () => fail('dockerDown'));
  await button('Stop tandem').click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toContain('Start Docker Desktop');
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  expect(await alert.count()).toBe(0);
  shell.engine.answer('cluster.stop', async () => ok(worlds.running.clusters[0]!));
});

test('an open notice is dismissed at the engine', async () => {
  await shell.show(page, worlds.drain);
  await button('Dismiss').click();
  await called('notices.dismiss', { id: 'stage-drain-1' });
});

test('the demo cluster is told apart on every page', async () => {
  await shell.show(page, worlds.demo);
  const strip = page.getByText('Built-in demo cluster: no real Kubernetes');
  expect(await strip.count()).toBe(1);
  for (const name of ['Settings', 'History']) {
    await button(name).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(await strip.count()).toBe(1);
    await button('Back').click();
  }
});

test('settings are checked by their schema before they are written', async () => {
  await button('Settings').click();
  const port = page.getByLabel('Port on this Mac');
  await port.fill('80');
  await port.press('Enter');
  expect(await page.getByRole('alert').innerText()).toBe('It must be at least 1024.');
  await port.fill('50000');
  await port.press('Enter');
  await called('settings.set', { key: 'cluster.hostPort', value: 50_000 });
  await page.getByLabel('Notifications').click();
  await called('settings.set', { key: 'notices.enabled', value: false });
  await button('Back').click();
});

test('the language changes at once', async () => {
  await shell.show(page, worlds.running);
  await button('Settings').click();
  await page.getByLabel('Language').selectOption('ko');
  await page.getByRole('heading', { name: '설정' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko');
  await page.getByLabel('언어').selectOption('en');
  await button('Back').click();
});

test('everything can be reached by keyboard, and Escape closes', async () => {
  await shell.show(page, worlds.idle);
  const reached: string[] = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      ),
    );
  }
  for (const name of ['Settings', 'Start tandem', 'History']) expect(reached).toContain(name);
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
  );
  expect(outline).toBe('solid');
  await page.keyboard.press('Escape');
  await expect.poll(visible).toBe(false);
  await called('status.subscribe', { live: false });
});

test('the window fits its content inside the work area', async () => {
  const bounds = () =>
    shell.running.app.evaluate(({ BrowserWindow, screen }) => {
      const { x, y, width, height } = BrowserWindow.getAllWindows()[0]!.getBounds();
      const { workArea } = screen.getPrimaryDisplay();
      return {
        width,
        height,
        inside:
          x >= workArea.x &&
          y >= workArea.y &&
          x + width <= workArea.x + workArea.width &&
          y + height <= workArea.y + workArea.height,
      };
    });
  await shell.show(page, worlds.dockerDown);
  const small = await bounds();
  await shell.show(page, worlds.failed);
  const large = await bounds();
  const content = await page.evaluate(
    () => document.querySelector('.popover')?.getBoundingClientRect().height ?? 0,
  );
  expect(large.height).toBe(Math.ceil(content));
  expect(large.height).toBeGreaterThan(small.height);
  expect([small.inside, large.inside, large.width]).toEqual([true, true, 360]);
});

test('nothing moves when somebody asked for less motion', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await shell.show(page, worlds.starting);
  const animated = await page.evaluate(() => document.getAnimations().length);
  expect(animated).toBe(0);
  await page.emulateMedia({ reducedMotion: null });
});
