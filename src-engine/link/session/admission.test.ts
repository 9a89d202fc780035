import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { admit, type Knocks } from './admission.ts';
import { doorLedger } from './door-ledger.ts';
import { saidOnce } from './said-once.ts';

const calm: Knocks = { halfOpenOfAddress: 0, halfOpenInAll: 0, lastSecond: 0, known: false };

test.each([
  ['nobody before', {}, 'admit'],
  ['three half-open', { halfOpenOfAddress: 3 }, 'admit'],
  ['four half-open', { halfOpenOfAddress: 4 }, 'tooManyHalfOpen'],
  ['nine in a second', { lastSecond: 9 }, 'admit'],
  ['ten in a second', { lastSecond: 10 }, 'tooFast'],
  ['a full house', { halfOpenInAll: 64 }, 'tooManyHalfOpen'],
  ['a full house and the paired Mac', { halfOpenInAll: 64, known: true }, 'admit'],
  ['the paired Mac that is too fast', { lastSecond: 10, known: true }, 'tooFast'],
])('after %s: %s', (_what, knocks, verdict) => {
  expect(admit({ ...calm, ...knocks })).toBe(verdict);
});

test('the ledger counts by address and forgets who is gone', async () => {
  const time = fakeTime();
  const ledger = doorLedger(time.clock);
  const knocks = (address: string, times: number) =>
    Array.from({ length: times }, () => ledger.knock(address, false));
  expect(knocks('192.0.2.1', 5)).toEqual([...Array<string>(4).fill('admit'), 'tooManyHalfOpen']);
  expect(knocks('192.0.2.2', 1)).toEqual(['admit']);
  ledger.settle('192.0.2.1');
  expect(knocks('192.0.2.1', 2)).toEqual(['admit', 'tooManyHalfOpen']);
  // Settled ones count on within their second.
  for (let turn = 0; turn < 5; turn += 1) {
    ledger.settle('192.0.2.1');
    expect(knocks('192.0.2.1', 1)).toEqual(['admit']);
  }
  ledger.settle('192.0.2.1');
  expect(knocks('192.0.2.1', 1)).toEqual(['tooFast']);
  await time.advance(1001);
  expect(knocks('192.0.2.1', 1)).toEqual(['admit']);
  for (let turn = 0; turn < 9; turn += 1) ledger.settle('192.0.2.1');
  ledger.settle('192.0.2.2');
  await time.advance(1001);
  ledger.knock('192.0.2.3', false);
  expect(ledger.size()).toBe(1);
});

test('something is said once a minute for each key, and the oldest of many is forgotten', async () => {
  const time = fakeTime();
  const first = saidOnce(time.clock);
  expect([first('a'), first('a'), first('b')]).toEqual([true, false, true]);
  await time.advance(60_000);
  expect([first('a'), first('a')]).toEqual([true, false]);
  for (let key = 0; key < 300; key += 1) first(String(key));
  expect(first('a')).toBe(true);
});
