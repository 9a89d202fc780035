import { expect, test } from 'vitest';
import { afterFailure, lockOf, lockText, mayPair, noFailures, type PairingLock } from './pairing-lock.ts';

const MINUTE_MS = 60_000;
const wall = new Date('2026-01-01T12:00:00.000Z');
const failures = (...atMinutes: number[]) =>
  atMinutes.reduce<PairingLock>((lock, minute) => afterFailure(lock, minute * MINUTE_MS), noFailures);
const minutesLeft = (lock: PairingLock, nowMs: number) => {
  const may = mayPair(lock, nowMs);
  return may.ok ? 0 : may.error.params['minutes'];
};

test('link 19: the third failure locks for ten minutes', () => {
  expect(mayPair(failures(0, 1), MINUTE_MS).ok).toBe(true);
  const locked = failures(0, 1, 2);
  expect(mayPair(locked, 2 * MINUTE_MS)).toEqual({
    ok: false,
    error: { code: 'pairingLocked', params: { minutes: 10 } },
  });
  expect(minutesLeft(locked, 2 * MINUTE_MS + 1)).toBe(10);
  expect(minutesLeft(locked, 11 * MINUTE_MS + 1)).toBe(1);
  expect(minutesLeft(locked, 12 * MINUTE_MS - 1)).toBe(1);
  expect(minutesLeft(locked, 12 * MINUTE_MS)).toBe(0);
});

test('the lock does not soften while it stands, though its first failure is old', () => {
  expect(minutesLeft(failures(0, 1, 9), 11 * MINUTE_MS)).toBe(8);
});

test('failures far apart do not add up; after a lock it begins anew', () => {
  expect(minutesLeft(failures(0, 5, 11), 11 * MINUTE_MS)).toBe(0);
  const again = afterFailure(failures(0, 1, 2), 12 * MINUTE_MS);
  expect(minutesLeft(again, 12 * MINUTE_MS)).toBe(0);
  expect(again.failedAtMs).toHaveLength(1);
});

test('a restart is no way round: the clock of the process begins anew, the lock goes on', () => {
  const text = lockText(failures(0, 1, 2), 5 * MINUTE_MS, wall);
  const oneMinuteLater = new Date(wall.getTime() + MINUTE_MS);
  const lock = lockOf(text, 100, oneMinuteLater);
  expect(minutesLeft(lock, 100)).toBe(6);
  expect(minutesLeft(lock, 100 + 6 * MINUTE_MS)).toBe(0);
});

test('a clock that was set back does not make it longer than ten minutes', () => {
  const text = lockText(failures(0, 1, 2), 2 * MINUTE_MS, wall);
  expect(minutesLeft(lockOf(text, 0, new Date(wall.getTime() - 86_400_000)), 0)).toBe(10);
  expect(minutesLeft(lockOf(text, 0, new Date(wall.getTime() + 86_400_000)), 0)).toBe(0);
});

test('no file is no lock, a damaged one is', () => {
  expect(minutesLeft(lockOf(null, 0, wall), 0)).toBe(0);
  for (const text of ['', '{}', '[]', '{"failedAt":["yesterday"]}', '{"failedAt":7}'])
    expect(minutesLeft(lockOf(text, 0, wall), 0), text).toBe(10);
});
