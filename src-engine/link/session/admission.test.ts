import { expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { admit, type Knocks } from './admission.ts';
import { doorLedger } from './door-ledger.ts';
import { saidOnce } from './said-once.ts';

const calm: Knocks = {
  halfOpenOfAddress: 0,
  halfOpenInAll: 0,
  lastSecond: 0,
  strangersLastSecond: 0,
  known: false,
};

test.each([
  ['nobody before', {}, 'admit'],
  ['three half-open', { halfOpenOfAddress: 3 }, 'admit'],
  ['four half-open', { halfOpenOfAddress: 4 }, 'tooManyHalfOpen'],
  ['nine in a second', { lastSecond: 9 }, 'admit'],
  ['ten in a second', { lastSecond: 10 }, 'tooFast'],
  ['nineteen strangers in a second', { strangersLastSecond: 19 }, 'admit'],
  ['twenty strangers in a second', { strangersLastSecond: 20 }, 'tooFast'],
  ['twenty strangers and the paired Mac', { strangersLastSecond: 20, known: true }, 'admit'],
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

test('many addresses share twenty handshakes a second; the paired Mac has its own', async () => {
  const time = fakeTime();
  const ledger = doorLedger(time.clock);
  const knocks = (from: number, times: number) =>
    Array.from({ length: times }, (_, index) => {
      const address = `192.0.2.${from + index}`;
      const verdict = ledger.knock(address, false);
      ledger.settle(address);
      return verdict;
    });
  // What the paired Mac does is not taken from the strangers' share.
  expect(ledger.knock('192.0.2.250', true)).toBe('admit');
  expect(knocks(1, 22)).toEqual([...Array<string>(20).fill('admit'), 'tooFast', 'tooFast']);
  expect(ledger.knock('192.0.2.250', true)).toBe('admit');
  await time.advance(999);
  expect(knocks(40, 1)).toEqual(['tooFast']);
  await time.advance(1);
  expect(knocks(50, 1)).toEqual(['admit']);
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
