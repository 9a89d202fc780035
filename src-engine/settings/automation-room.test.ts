import { readdir } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src-shared/commands/registry.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { openAutomation, type Automation } from './automation-room.ts';

const caller: Caller = { send: () => undefined, onClose: () => undefined };
const HOUR_MS = 3_600_000;
let runFolder: string;
beforeEach(() => void (runFolder = temporaryFolder('automation')));

async function open(time = fakeTime(), enabled = true) {
  const published: Automation[] = [];
  const room = await openAutomation({
    clock: time.clock,
    scheduler: time.scheduler,
    runFolder,
    enabled: () => enabled,
    publish: (automation) => void published.push(automation),
  });
  const pause = (duration: string) => room.handlers['automation.pause']({ duration }, caller);
  return { time, room, published, pause };
}

test('a pause holds for its time, ends by itself, and both are published', async () => {
  const { time, room, published, pause } = await open();
  expect(room.mayAct()).toBe(true);
  expect(await pause('2h')).toMatchObject({ ok: true, value: { pausedUntil: '2026-01-01T02:00:00.000Z' } });
  expect(room.mayAct()).toBe(false);
  await time.advance(2 * HOUR_MS - 1);
  expect(room.mayAct()).toBe(false);
  await time.advance(1);
  expect(room.mayAct()).toBe(true);
  expect(published.at(-1)).toEqual({ enabled: true, pausedUntil: null });
});

test('a pause outlives a restart, and is over when its time passed meanwhile', async () => {
  const { room, pause } = await open();
  await pause('2h');
  room.dispose();
  const soon = await open(fakeTime('2026-01-01T01:00:00.000Z'));
  expect(soon.room.mayAct()).toBe(false);
  expect(soon.published).toEqual([{ enabled: true, pausedUntil: '2026-01-01T02:00:00.000Z' }]);
  soon.room.dispose();
  const late = await open(fakeTime('2026-01-01T03:00:00.000Z'));
  expect(late.room.mayAct()).toBe(true);
});

test('resuming ends a pause for good, and leaves no timer', async () => {
  const { time, room, pause } = await open();
  await pause('30m');
  await room.handlers['automation.resume']({}, caller);
  expect(room.mayAct()).toBe(true);
  expect(time.pending()).toBe(0);
  expect(await readdir(runFolder)).toEqual([]);
});

test.each(['soon', '0m', '31d'])('%s is no pause', async (duration) => {
  const { room, pause } = await open();
  expect(await pause(duration)).toMatchObject({ ok: false, error: { code: 'badArguments' } });
  expect(room.mayAct()).toBe(true);
});

test('switched off in the settings, nothing acts by itself', async () => {
  expect((await open(fakeTime(), false)).room.mayAct()).toBe(false);
});
