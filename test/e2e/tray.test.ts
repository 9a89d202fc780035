import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notice, worlds } from '../doubles/worlds.ts';
import { checkout, electronProgram } from './harness.ts';
import { launchShell, type Shell } from './shell-app.ts';

let shell: Shell;

beforeAll(async () => {
  shell = await launchShell(worlds.running);
});

afterAll(() => shell.close());

const tray = () => shell.running.tray;
const tooltip = () => tray().tooltip();
const picture = async () =>
  createHash('sha256')
    .update((await tray().picture()).rgba)
    .digest('hex');
const isVisible = () =>
  shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false);
const hide = async () => {
  const page = await shell.popover();
  await page.keyboard.press('Escape');
  await expect.poll(isVisible).toBe(false);
};

test('the icon says the state in words and in a shape of its own', async () => {
  await expect.poll(tooltip).toContain('All is well: tandem is running');
  const shapes = new Set<string>();
  for (const [world, words] of [
    [worlds.running, 'All is well'],
    [worlds.idle, 'tandem is stopped'],
    [worlds.starting, 'Starting tandem'],
    [worlds.degraded, 'not whole'],
    [worlds.dockerDown, 'unknown'],
    [worlds.drain, 'Battery low'],
  ] as const) {
    shell.engine.show(world);
    await expect.poll(tooltip).toContain(words);
    shapes.add(await picture());
  }
  expect(shapes.size).toBe(6);
});

test('the menu offers what fits, and carries it out', async () => {
  shell.engine.show(worlds.running);
  await expect.poll(async () => (await tray().find('Stop tandem')).enabled).toBe(true);
  expect((await tray().find('Start tandem')).enabled).toBe(false);
  await tray().choose('Stop tandem');
  await shell.engine.calls.see(({ method }) => method === 'cluster.stop', 5000);
});

test('a click opens the popover, at the page that the menu names', async () => {
  await tray().choose('Settings…');
  await expect.poll(isVisible, { timeout: 10_000 }).toBe(true);
  const page = await shell.popover();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  await hide();
  await tray().activate();
  await expect.poll(isVisible).toBe(true);
  await hide();
});

test('tests and benchmarks are told when the popover is painted', async () => {
  await expect.poll(shell.running.output).toMatch(/\{"event":"popoverShown","ms":\d+,"cold":true\}/);
});

test('a second start opens the popover of the first, and ends', async () => {
  const environment = await shell.running.app.evaluate(() => ({ ...process.env }));
  const second = spawn(electronProgram(), ['--no-sandbox', checkout], {
    env: environment,
    stdio: 'ignore',
  });
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(0);
  await expect.poll(isVisible, { timeout: 10_000 }).toBe(true);
  await hide();
});

test('a notice is notified once, leaves a dot until it is solved, and is taken back then', async () => {
  const { notifications } = shell.running;
  shell.engine.show(worlds.running);
  const plain = await picture();
  const at = new Date().toISOString();
  const told = notice({ id: 'told-once', at });
  shell.engine.show({ ...worlds.running, notices: [told] });
  const note = await notifications.see(({ title }) => title === 'Battery low: plug in soon');
  expect(note.urgency).toBe(2);
  shell.engine.show({ ...worlds.running, notices: [told] });
  await expect.poll(picture).not.toBe(plain);
  shell.engine.show({ ...worlds.running, notices: [{ ...told, open: false }] });
  await expect.poll(picture).toBe(plain);
  await expect.poll(() => notifications.takenBack.includes(note.id)).toBe(true);
  expect(notifications.shown.filter(({ title }) => title === note.title)).toHaveLength(1);
});

test('nothing is notified while somebody looks at the popover', async () => {
  await shell.popover();
  const before = shell.running.notifications.shown.length;
  const notices = [notice({ id: 'while-looking', at: new Date().toISOString() })];
  shell.engine.show({ ...worlds.running, notices });
  await expect.poll(tooltip).toContain('All is well');
  await hide();
  shell.engine.show({ ...worlds.running, notices, revision: 99 });
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(shell.running.notifications.shown.length).toBe(before);
});

test('a click on a notification opens the popover', async () => {
  const notices = [notice({ id: 'clicked', at: new Date().toISOString() })];
  shell.engine.show({ ...worlds.running, notices });
  const { notifications } = shell.running;
  await expect.poll(() => notifications.shown.length).toBeGreaterThan(1);
  const last = notifications.shown.at(-1);
  if (last) notifications.press(last);
  await expect.poll(isVisible).toBe(true);
});
