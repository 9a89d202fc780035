import { afterAll, beforeAll, expect, test } from 'vitest';
import { worlds } from '../doubles/worlds.ts';
import { launchShell, type Shell } from './shell-app.ts';

let shell: Shell;

beforeAll(async () => {
  shell = await launchShell(worlds.running);
});

afterAll(() => shell.close());

const emit = (event: string) =>
  shell.running.app.evaluate(
    ({ powerMonitor }, name) => void (powerMonitor as NodeJS.EventEmitter).emit(name),
    event,
  );
const heard = (event: string) =>
  shell.engine.calls.all.filter(
    ({ method, input }) => method === 'host.event' && (input as { event: string }).event === event,
  ).length;

test('what only the shell can see of the host is passed on', async () => {
  for (const [electron, ours] of [
    ['suspend', 'suspend'],
    ['resume', 'resume'],
    ['on-battery', 'onBattery'],
    ['on-ac', 'onAc'],
  ] as const) {
    await emit(electron);
    await expect.poll(() => heard(ours)).toBeGreaterThan(0);
  }
});

test('suspend and resume may come twice: the shell goes on as before', async () => {
  for (const event of ['suspend', 'suspend', 'resume', 'resume']) await emit(event);
  await expect.poll(() => heard('resume')).toBeGreaterThanOrEqual(3);
  shell.engine.show(worlds.idle);
  await expect.poll(() => shell.running.tray.tooltip()).toContain('tandem is stopped');
});

test('a shutdown is announced, and the app goes without asking', async () => {
  const gone = new Promise((resolve) => shell.running.app.process().once('exit', resolve));
  shell.engine.show(worlds.running);
  await emit('shutdown');
  await expect.poll(() => heard('shutdown')).toBe(1);
  await gone;
});
