import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { homeAt } from '../../platform/home.ts';
import { silentLog } from '../../platform/log.ts';
import { adoptProcess } from './adopt-process.ts';
import { controlSocketOf } from './own-program.ts';
import { explainOwn } from './exit-report.ts';
import type { DetachedSpec } from './process-ports.ts';
import { supervise } from './supervisor.ts';

vi.setConfig({ testTimeout: 30_000 });

/** This very process stands in for the one that answers: nothing here may end it. */
function bench() {
  const home = homeAt(temporaryFolder('adopt'));
  const socket = controlSocketOf(home, 'gate');
  mkdirSync(dirname(socket), { mode: 0o700 });
  const asked: string[] = [];
  const spec: DetachedSpec = {
    name: 'gate',
    kind: 'gate',
    socket,
    listen: () => '127.0.0.1:1',
    prepare: () => Promise.reject(new Error('nothing is to be started')),
    answers: async (path) => {
      asked.push(path);
      return process.pid;
    },
    explain: (end) => explainOwn(home, 'gate', 'gateDown', end),
  };
  const warned: string[] = [];
  const log = Object.assign(Object.create(silentLog) as typeof silentLog, {
    warn: (_fields: unknown, text: string) => void warned.push(text),
  });
  return { home, spec, asked, warned, ports: { home, clock: systemClock, scheduler: systemScheduler, log } };
}

test('a record that cannot be written costs no adoption', async () => {
  const { home, spec, ports, warned } = bench();
  // As on a full disk: no file can be made there.
  rmSync(home.run, { recursive: true, force: true });
  symlinkSync(join(home.root, 'nowhere'), home.run);
  expect(await adoptProcess(spec, ports)).toMatchObject({ ref: { pid: process.pid }, socket: spec.socket });
  expect(warned).toEqual(['gate: its record cannot be written']);
});

test('in a folder that is not ours nobody is asked: a problem with its name, until it is ours again', async () => {
  const { spec, ports, asked } = bench();
  const folder = dirname(spec.socket);
  renameSync(folder, `${folder}-aside`);
  symlinkSync(`${folder}-aside`, folder);
  const gate = supervise(spec, ports);
  const begun = await gate.begin();
  expect(begun).toMatchObject({
    error: { code: 'gateDown', params: { detail: expect.stringContaining(folder) } },
  });
  expect(await gate.restart()).toMatchObject({ ok: false });
  expect(asked).toEqual([]);
  expect(gate.pid()).toBeNull();
  rmSync(folder);
  renameSync(`${folder}-aside`, folder);
  await expect.poll(() => gate.pid(), { timeout: 10_000 }).toBe(process.pid);
  await gate.dispose('keep');
});
