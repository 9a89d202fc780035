import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src-shared/commands/registry.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { systemClock, systemScheduler } from '../platform/clock.ts';
import { systemFiles } from '../platform/files.ts';
import { homeAt } from '../platform/home.ts';
import { silentLog } from '../platform/log.ts';
import type { Platform } from '../platform/platform.ts';
import type { Tools } from '../platform/tools.ts';
import type { CheckContext } from './check.ts';
import { homeCheck } from './checks/home.ts';
import { settingsCheck } from './checks/settings.ts';
import { toolsCheck } from './checks/tools.ts';
import { doctorHandlers } from './doctor-room.ts';

const caller: Caller = { send: () => undefined, onClose: () => undefined };
/** A machine without any tool. */
const noTools: Tools = {
  run: async () => ({ exitCode: null, stdout: '', stderr: '', failure: 'missing' }),
  resident: () => ({ pid: null, ended: Promise.resolve(), stop: () => undefined }),
  find: async () => null,
};

let folder: string;
let context: CheckContext;
beforeEach(async () => {
  folder = temporaryFolder('doctor');
  const platform: Platform = {
    clock: systemClock,
    scheduler: systemScheduler,
    tools: noTools,
    files: systemFiles,
    home: homeAt(join(folder, 'home')),
    timeScale: 1,
    env: { HOME: '/Users/somebody' },
    os: process.platform,
    log: () => silentLog,
  };
  context = {
    platform,
    settings: defaultSettings,
    settingsProblem: null,
    dockerSocket: null,
    service: async () => ({ manager: 'none', installed: false, active: null, file: null, lingers: null }),
    pair: {
      identity: async () => ({ folder, fingerprint: null, open: [], paired: false, trouble: null }),
      engine: async () => null,
      localNetworkDenied: async () => null,
    },
    traffic: { engine: async () => null, gateAddress: async () => null, answers: async () => false },
    tunnel: { engine: async () => null },
  };
});
const doctor = (record?: string) =>
  doctorHandlers({
    context: () => context,
    vitals: async () => [{ source: 'ioreg', output: '"Serial" = "C02XYZ" in /Users/somebody' }],
  })['doctor.run'](record === undefined ? {} : { record }, caller);

test('the settings check tells a file set aside from one that is bad now', async () => {
  expect(await settingsCheck.run(context)).toMatchObject({ verdict: 'ok', action: null });
  const aside = await settingsCheck.run({ ...context, settingsProblem: { setAside: 'engine.json.bad-1' } });
  expect(aside).toMatchObject({ verdict: 'problem', sentence: expect.stringContaining('engine.json.bad-1') });
  const bad = await settingsCheck.run({ ...context, settingsProblem: { unreadable: 'EACCES' } });
  expect(bad).toMatchObject({ verdict: 'problem', sentence: expect.stringContaining('EACCES') });
  expect(bad.action).not.toBeNull();
});

test('the home check knows a folder that is not there, ours alone, and open to others', async () => {
  expect(await homeCheck.run(context)).toMatchObject({ verdict: 'advice' });
  const platform = { ...context.platform, home: homeAt(folder) };
  expect(await homeCheck.run({ ...context, platform })).toMatchObject({ verdict: 'ok' });
  await chmod(folder, 0o755);
  expect(await homeCheck.run({ ...context, platform })).toMatchObject({ verdict: 'problem' });
});

test('without any tool the doctor advises one, and every check still ends in a sentence', async () => {
  expect((await toolsCheck.run(context)).verdict).not.toBe('ok');
  const result = await doctor();
  expect(result).toMatchObject({ ok: true, value: { recorded: null } });
  if (result.ok) for (const { sentence } of result.value.checks) expect(sentence).not.toBe('');
});

test('the bundle is 0600 where it was asked for, without serials and names; its folder stays as it is', async () => {
  await chmod(folder, 0o755);
  const file = join(folder, 'mac.json');
  expect(await doctor(file)).toMatchObject({ ok: true, value: { recorded: file } });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o755);
  const text = await readFile(file, 'utf8');
  expect(text).not.toContain('C02XYZ');
  expect(text).not.toContain('somebody');
  expect(JSON.parse(text)).toMatchObject({ version: 1, vitals: [{ source: 'ioreg' }] });
});

test('a folder that is not there is a plain failure and is not made', async () => {
  expect(await doctor(join(folder, 'none/mac.json'))).toMatchObject({
    ok: false,
    error: { code: 'badArguments', params: { detail: expect.stringContaining('ENOENT') } },
  });
  expect(await readdir(folder)).toEqual([]);
});
