import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, markFromPs, markFromStat, refOf, signal } from './processes.ts';

test('ps: a mark, a process that is gone, a zombie, and no answer at all', () => {
  expect(markFromPs(0, 'S+   Tue Nov 24 15:36:37 2026\n')).toEqual({
    kind: 'alive',
    startedAt: 'Tue Nov 24 15:36:37 2026',
  });
  expect(markFromPs(1, '')).toEqual({ kind: 'gone' });
  expect(markFromPs(0, 'Z    Tue Nov 24 15:36:37 2026\n')).toEqual({ kind: 'gone' });
  expect(markFromPs(undefined, '')).toEqual({ kind: 'unknown' });
  expect(markFromPs(0, '')).toEqual({ kind: 'unknown' });
});

test('/proc/PID/stat: blanks and brackets in the name do not shift the fields', () => {
  const fields = Array.from({ length: 30 }, (_, index) => String(index + 3));
  expect(markFromStat(`7 (a) b (c) S ${fields.slice(1).join(' ')}`)).toEqual({
    kind: 'alive',
    startedAt: '22',
  });
  expect(markFromStat(`7 (a) Z ${fields.slice(1).join(' ')}`)).toEqual({ kind: 'gone' });
  expect(markFromStat('')).toEqual({ kind: 'unknown' });
});

test('a reference names this process, and not another that has its pid', async () => {
  const self = await refOf(process.pid);
  expect(self).not.toBeNull();
  expect(await isAlive(self!)).toBe(true);
  expect(await isAlive({ pid: process.pid, startedAt: 'another time' })).toBe(false);
  expect(await signal({ pid: process.pid, startedAt: 'another time' }, 'SIGTERM')).toBe(false);
});

test('a child that has ended is gone', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  const ref = await refOf(child.pid ?? 0);
  const ended = once(child, 'exit');
  expect(await signal(ref!, 'SIGKILL')).toBe(true);
  await ended;
  expect(await isAlive(ref!)).toBe(false);
  expect(await refOf(ref!.pid)).toBeNull();
});
