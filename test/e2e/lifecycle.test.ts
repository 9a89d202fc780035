import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { makeVitalsRoot, type VitalsRoot } from '../doubles/vitals-root.ts';
import { checkout, electronProgram, environment, launchApp, switches, type RunningApp } from './harness.ts';

/** The app with its real engine: who starts it, what happens when it dies, and what is left afterwards. */
let home: string;
let sensors: VitalsRoot;
let running: RunningApp | null = null;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tandem-life-'));
  sensors = makeVitalsRoot();
});

afterEach(async () => {
  await running?.close();
  running = null;
  sensors.remove();
  // Processes of an app that was killed may still be writing.
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const launch = async (): Promise<RunningApp> =>
  (running = await launchApp({ home, vitalsRoot: sensors.path }));
const enginePid = async (): Promise<number | null> => {
  const client = await connectToEngine(homeAt(home));
  if (!client.ok) return null;
  const info = await client.value.call('engine.info', {});
  client.value.close();
  return info.ok ? info.value.pid : null;
};
const isAlive = async (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !stat.includes(') Z '),
    () => false,
  );

test('starts an engine, starts it again when it was killed, and ends it on quit', async () => {
  const app = await launch();
  await expect.poll(enginePid, { timeout: 15_000 }).not.toBeNull();
  const first = (await enginePid()) ?? 0;
  await expect.poll(() => app.tray.tooltip(), { timeout: 15_000 }).toContain('There is no cluster yet');
  process.kill(first, 'SIGKILL');
  await expect.poll(() => app.tray.tooltip()).toContain("Tandem's engine has stopped");
  await expect.poll(() => app.tray.tooltip(), { timeout: 20_000 }).toContain('There is no cluster yet');
  const second = (await enginePid()) ?? 0;
  expect(second).not.toBe(first);
  const began = performance.now();
  await app.close();
  running = null;
  expect(performance.now() - began).toBeLessThan(10_000);
  await expect.poll(() => isAlive(second), { timeout: 5000 }).toBe(false);
});

test('an engine that hangs is noticed, and another one takes its place', async () => {
  const app = await launch();
  await expect.poll(() => app.tray.tooltip(), { timeout: 15_000 }).toContain('There is no cluster yet');
  const first = (await enginePid()) ?? 0;
  process.kill(first, 'SIGSTOP');
  const lost = { timeout: 20_000, interval: 100 };
  await expect.poll(() => app.tray.tooltip(), lost).toContain("Tandem's engine has stopped");
  await expect.poll(() => app.tray.tooltip(), { timeout: 20_000 }).toContain('There is no cluster yet');
  expect(await isAlive(first)).toBe(false);
  expect(await enginePid()).not.toBe(first);
});

test('an engine that was there before is used, and outlives the app', async () => {
  const own = spawn(process.execPath, [join(checkout, 'out/engine/main.js')], {
    env: { ...process.env, TANDEM_HOME: home, VITALS_ROOT: sensors.path },
    stdio: 'ignore',
  });
  await expect.poll(enginePid, { timeout: 15_000 }).toBe(own.pid);
  const app = await launch();
  await expect.poll(() => app.tray.tooltip(), { timeout: 15_000 }).toContain('There is no cluster yet');
  await app.close();
  running = null;
  expect(await enginePid()).toBe(own.pid);
  own.kill('SIGTERM');
  await once(own, 'exit');
});

test('an app that dies without a word leaves no engine behind', async () => {
  // Without a debugger, which would hold on to the dead.
  const app = spawn(electronProgram(), [...switches(home), checkout], {
    env: environment({ home, vitalsRoot: sensors.path }),
    stdio: 'ignore',
  });
  await expect.poll(enginePid, { timeout: 15_000 }).not.toBeNull();
  const pid = (await enginePid()) ?? 0;
  app.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
});

test('quitting while a cluster runs asks once, and remembers the answer', async () => {
  const app = await launch();
  await expect.poll(enginePid, { timeout: 15_000 }).not.toBeNull();
  const client = await connectToEngine(homeAt(home));
  if (!client.ok) throw new Error(client.error.code);
  const created = await client.value.call('cluster.create', { provider: 'embedded', nodes: 1 });
  expect(created).toMatchObject({ ok: true, value: { state: 'running' } });
  client.value.close();
  await expect.poll(() => app.tray.tooltip()).toContain('is running');
  expect(nodesOf(home)).toHaveLength(1);
  await app.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
  });
  await app.close();
  running = null;
  expect(nodesOf(home)).toEqual([]);
  const settings: unknown = JSON.parse(await readFile(homeAt(home).settings, 'utf8'));
  expect(settings).toMatchObject({ quit: { whenClusterRuns: 'stop' } });
});

/** Pids of built-in demo nodes of that home; their command line names it. */
function nodesOf(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('embedded-node') && line.includes(home);
      } catch {
        return false;
      }
    });
}
