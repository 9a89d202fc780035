import { expect, test } from 'vitest';
import { checked, unseen, type Health } from './health.ts';

const after = (checks: string, from: Health = unseen): boolean | null =>
  checks.split('').reduce((health, check) => checked(health, check === '+'), from).up;

test('unknown until a check says something: up at the first good one, down at the fourth bad one', () => {
  expect(unseen.up).toBeNull();
  expect(after('+')).toBe(true);
  expect(after('---')).toBeNull();
  expect(after('----')).toBe(false);
});

test('four bad ones in a row take it down; three and a good one do not, however often', () => {
  expect(after('+---')).toBe(true);
  expect(after('+----')).toBe(false);
  expect(after('+---+---+---+')).toBe(true);
});

test('two good ones in a row bring it back; one and a bad one do not', () => {
  expect(after('+----+')).toBe(false);
  expect(after('+----+-+-')).toBe(false);
  expect(after('+----++')).toBe(true);
});
