import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { processesNaming } from '../engine/tandem.ts';
import { removeHome } from '../doubles/temporary-folder.ts';
import { makeVitalsRoot, type VitalsRoot } from '../doubles/vitals-root.ts';
import { launchApp, type RunningApp } from './harness.ts';

// One person's day with the real app, the real engine and the built-in cluster: icon, popover, menu,
// a battery that runs down, an engine that dies. Nothing stands in for a part of ours.
const SCALE = 10;
let home: string;
let sensors: VitalsRoot;
let running: RunningApp;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tandem-day-'));
  sensors = makeVitalsRoot();
  sensors.battery(40, { watts: 2, onAC: false });
  running = await launchApp({ home, vitalsRoot: sensors.path, env: { TANDEM_TIME_SCALE: String(SCALE) } });
});
afterAll(async () => {
  await running.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
  });
  await running.close();
  sensors.remove();
  removeHome(home);
});

const tooltip = (): Promise<string> => running.tray.tooltip();
const nodes = (): string[] => processesNaming(home).filter((line) => line.includes('embedded-node'));
const within = (timeout: number) => ({ timeout, interval: 100 });

test('the icon stands in the tray with a picture and a sentence', async () => {
  const { width, height, rgba } = await running.tray.picture();
  expect(width).toBeGreaterThanOrEqual(22);
  expect(height).toBe(width);
  expect(rgba.some((value) => value !== 0)).toBe(true);
  await expect.poll(tooltip, within(15_000)).toContain('There is no cluster yet');
});

test('the popover opens, is read by role, and creates the built-in cluster', async () => {
  const page = await running.open();
  await page.getByRole('heading', { name: 'There is no cluster yet' }).waitFor();
  expect(await page.getByRole('meter', { name: 'Battery' }).getAttribute('aria-valuetext')).toContain('40 %');
  await page.getByRole('radio', { name: /built-in demo/ }).check();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: /is running/ }).waitFor();
  expect(await page.getByText('Built-in demo cluster').first().isVisible()).toBe(true);
  expect(nodes()).toHaveLength(1);
  await page.keyboard.press('Escape');
});

test('the menu, through the bus, stops the cluster and starts it again', async () => {
  await running.tray.choose('Stop tandem');
  await expect.poll(tooltip, within(15_000)).toContain('tandem is stopped');
  expect(nodes()).toEqual([]);
  await expect.poll(async () => (await running.tray.find('Start tandem')).enabled, within(5000)).toBe(true);
  await running.tray.choose('Start tandem');
  await expect.poll(tooltip, within(15_000)).toContain('is running');
  expect(nodes()).toHaveLength(1);
  await running.notifications.see((note) => note.title === 'tandem is running');
});

test('a battery that runs down is told at each stage, once, and at the stop line the cluster stops', async () => {
  const before = running.notifications.shown.length;
  for (let percent = 39; percent >= 14; percent -= 1) {
    sensors.battery(percent);
    // Long enough for a dwell of 30 s, divided by the scale, at the lines.
    await pause([35, 25, 15].includes(percent) ? 4500 : 200);
  }
  await running.notifications.see((note) => note.title === 'Battery almost empty: plug in now');
  const stages = running.notifications.shown.slice(before).filter(({ title }) => /battery/i.test(title));
  expect(stages.map(({ title }) => title)).toEqual([
    'The battery is getting low',
    'Battery low: plug in soon',
    'Battery almost empty: plug in now',
  ]);
  await expect.poll(nodes, within(15_000)).toEqual([]);
  await expect.poll(tooltip, within(5000)).toContain('Battery almost empty');
});

test('the engine dies: the tray says so, and it comes back with the same truth', async () => {
  const pid = await enginePid();
  process.kill(pid, 'SIGKILL');
  await expect.poll(tooltip, within(5000)).toContain("Tandem's engine has stopped");
  await expect.poll(async () => ![pid, -1].includes(await enginePid()), within(20_000)).toBe(true);
  await expect.poll(async () => (await running.tray.find('Start tandem')).enabled, within(15_000)).toBe(true);
});

async function enginePid(): Promise<number> {
  const client = await connectToEngine(homeAt(home));
  if (!client.ok) return -1;
  const info = await client.value.call('engine.info', {});
  client.value.close();
  return info.ok ? info.value.pid : -1;
}
