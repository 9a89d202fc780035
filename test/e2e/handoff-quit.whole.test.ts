import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { World } from '../../src-shared/world/world.ts';
import { coreWorlds, edgeWorlds } from '../doubles/handoff-worlds.ts';
import { launchShell, type Shell } from './shell-app.ts';

/** The way out of a pair: quit and shutdown, on the edge and on the core. */
let shell: Shell;

afterEach(() => shell.close());

/** The app knows the World: before that it has nothing to say on its way out. */
async function launch(world: World): Promise<void> {
  shell = await launchShell(world);
  await expect.poll(() => shell.running.tray.tooltip(), { timeout: 10_000 }).toContain('Both Macs are well');
}

/** The next dialog is answered with that button; what it asked is kept in the app. */
async function answerDialogs(
  response: number,
): Promise<() => Promise<{ message: string; detail: string }[]>> {
  const { app } = shell.running;
  await app.evaluate(({ dialog }, to) => {
    const asked: unknown[] = [];
    (globalThis as { asked?: unknown[] }).asked = asked;
    dialog.showMessageBox = async (options: unknown) => {
      asked.push(options);
      return { response: to, checkboxChecked: false };
    };
  }, response);
  return () =>
    app.evaluate(() => (globalThis as { asked?: { message: string; detail: string }[] }).asked ?? []);
}

const quit = () => void shell.running.app.evaluate(({ app }) => app.quit()).catch(() => undefined);
const gone = () => once(shell.running.app.process(), 'exit');
const isAlive = () => shell.running.app.process().exitCode === null;
const called = (method: string) => shell.engine.calls.all.filter((call) => call.method === method).length;

test('a serving edge is offered to leave first, and the app goes when it is offline', async () => {
  await launch(edgeWorlds.serving);
  const asked = await answerDialogs(0);
  const exit = gone();
  quit();
  await shell.engine.calls.see(({ method }) => method === 'handoff.leave', 5000);
  const [question] = await asked();
  expect(question?.message).toBe('Requests still come to this Mac. Leave first?');
  expect(question?.detail).toContain('Mac mini');
  shell.engine.show(edgeWorlds.draining);
  shell.engine.show(edgeWorlds.released);
  await expect.poll(() => shell.running.tray.tooltip()).toContain('Safe to close the lid');
  expect(isAlive()).toBe(true);
  shell.engine.show(edgeWorlds.offline);
  await exit;
});

test('who would rather stay, stays', async () => {
  await launch(edgeWorlds.serving);
  const asked = await answerDialogs(2);
  quit();
  await expect.poll(async () => (await asked()).length).toBe(1);
  expect(called('handoff.leave')).toBe(0);
  await expect.poll(() => shell.running.tray.tooltip()).toContain('Both Macs are well');
  // Asked anew each time.
  quit();
  await expect.poll(async () => (await asked()).length).toBe(2);
  await answerDialogs(1);
  const exit = gone();
  quit();
  await exit;
});

test('the core says that its front goes on', async () => {
  await launch(coreWorlds.serving);
  const asked = await answerDialogs(1);
  quit();
  await expect.poll(async () => (await asked()).length).toBe(1);
  const [told] = await asked();
  expect(told?.detail).toContain('The front goes on answering at 127.0.0.1:47380');
  await answerDialogs(0);
  const exit = gone();
  quit();
  await exit;
});

test('a shutdown is prevented once on a serving edge, until it has left', async () => {
  await launch(edgeWorlds.serving);
  let left: () => void = () => undefined;
  const leaving = new Promise<void>((resolve) => (left = resolve));
  shell.engine.answer('host.event', async () => {
    await leaving;
    return { ok: true, value: { heard: true } };
  });
  const exit = gone();
  const prevented = await shell.running.app.evaluate(({ powerMonitor }) => {
    let count = 0;
    (powerMonitor as NodeJS.EventEmitter).emit('shutdown', { preventDefault: () => (count += 1) });
    return count;
  });
  expect(prevented).toBe(1);
  await shell.engine.calls.see(({ method }) => method === 'host.event', 5000);
  expect(isAlive()).toBe(true);
  left();
  await exit;
});
