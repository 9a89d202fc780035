import { readFile, readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../src-shared/commands/registry.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { systemClock, systemScheduler } from '../platform/clock.ts';
import { systemFiles } from '../platform/files.ts';
import { homeAt } from '../platform/home.ts';
import { silentLog } from '../platform/log.ts';
import type { Platform } from '../platform/platform.ts';
import { systemTools } from '../platform/tools.ts';
import { openSettings, type SettingsOptions, type SettingsRoom } from './settings-room.ts';

const caller: Caller = { send: () => undefined, onClose: () => undefined };
let platform: Platform;
let file: string;
const rooms: SettingsRoom[] = [];

beforeEach(() => {
  const home = homeAt(temporaryFolder('settings'));
  file = home.settings;
  platform = {
    clock: systemClock,
    scheduler: systemScheduler,
    tools: systemTools,
    files: systemFiles,
    home,
    timeScale: 1,
    env: {},
    os: process.platform,
    log: () => silentLog,
  };
});
afterEach(() => {
  for (const room of rooms.splice(0)) room.dispose();
});

async function open(options: SettingsOptions = { watch: true }): Promise<SettingsRoom> {
  const room = await openSettings(platform, options);
  rooms.push(room);
  return room;
}
const set = (room: SettingsRoom, key: string, value: unknown) =>
  room.handlers['settings.set']({ key, value }, caller);
const onDisk = async () => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;

test('a bad file is set aside at the start of an engine, and a one-shot leaves it where it is', async () => {
  await writeFile(file, '{"language":');
  const glance = await open({ watch: false });
  expect(glance.problem()).toHaveProperty('unreadable');
  expect(await readFile(file, 'utf8')).toBe('{"language":');
  const room = await open();
  const problem = room.problem();
  expect(problem).toEqual({ setAside: expect.stringMatching(/^engine\.json\.bad-/) });
  expect(room.get().language).toBe('auto');
  expect((await readdir(platform.home.root)).filter((name) => name.includes('.bad-'))).toHaveLength(1);
  await set(room, 'language', 'ko');
  expect(room.problem()).toBeNull();
});

test('a file that goes bad keeps the last good settings, stays where it is, and is told', async () => {
  await writeFile(file, '{"language":"ko"}');
  const room = await open();
  const told = vi.fn();
  room.subscribeProblem(told);
  await writeFile(file, '{"language":"en');
  await vi.waitFor(() => expect(room.problem()).not.toBeNull(), { timeout: 5000 });
  expect(room.get().language).toBe('ko');
  expect(await readFile(file, 'utf8')).toBe('{"language":"en');
  expect(await set(room, 'tray.showPercent', false)).toMatchObject({
    ok: false,
    error: { code: 'settingsUnreadable' },
  });
  expect(await readFile(file, 'utf8')).toBe('{"language":"en');
  await writeFile(file, '{"language":"en"}');
  await vi.waitFor(() => expect(room.get().language).toBe('en'), { timeout: 5000 });
  expect(told).toHaveBeenLastCalledWith(null);
});

test('two writers at once, and an editor a moment before: nothing is lost', async () => {
  await writeFile(file, '{}');
  const room = await open();
  await writeFile(file, '{"language":"ko"}');
  const results = await Promise.all([set(room, 'cluster.nodes', 3), set(room, 'tray.showPercent', false)]);
  expect(results.every((result) => result.ok)).toBe(true);
  expect(await onDisk()).toMatchObject({
    language: 'ko',
    cluster: { nodes: 3 },
    tray: { showPercent: false },
  });
  expect(room.get()).toMatchObject({ language: 'ko', cluster: { nodes: 3 }, tray: { showPercent: false } });
});

test('writers of several processes at once lose nothing', async () => {
  const writers = await Promise.all(Array.from({ length: 4 }, () => open({ watch: false })));
  const keys = ['stages.battery.warnSeconds', 'cluster.nodes', 'handoff.deadlineSeconds', 'link.port'];
  const values = [31, 2, 60, 5000];
  const results = await Promise.all(
    writers.map((room, index) => set(room, keys[index] ?? '', values[index])),
  );
  expect(results.every((result) => result.ok)).toBe(true);
  expect(await onDisk()).toMatchObject({
    stages: { battery: { warnSeconds: 31 } },
    cluster: { nodes: 2 },
    handoff: { deadlineSeconds: 60 },
    link: { port: 5000 },
  });
  expect(await readdir(platform.home.run)).toEqual([]);
});

test('a role given for this run applies at once and is never written', async () => {
  const room = await open({ watch: false, role: 'edge' });
  expect(room.get().role).toBe('edge');
  expect(await set(room, 'language', 'en')).toMatchObject({ ok: true, value: { needsRestart: false } });
  expect((await onDisk())['role']).toBe('single');
});
