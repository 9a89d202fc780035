import { describe, expect, test } from 'vitest';
import { learnedPeak, parseGuest, withReading, type VmRun } from './guest-memory.ts';

const GIB = 2 ** 30;
const boot = (digit: number): string => `${String(digit).repeat(8)}-1111-4222-8333-444455556666`;
const printed = `${boot(1)}\nMemTotal:        4005616 kB\nMemFree:         1005616 kB\nMemAvailable:    2505616 kB\n`;

describe('what a node tells of its machine', () => {
  test('touched is what is not free: the cache of the guest is RAM of the host', () => {
    expect(parseGuest(printed)).toEqual({
      bootId: boot(1),
      totalBytes: 4_005_616 * 1024,
      touchedBytes: 3_000_000 * 1024,
    });
  });

  test.each([
    ['without its boot', printed.slice(37)],
    ['without its free pages', printed.replace('MemFree', 'MemFee')],
    ['with more free than there is', printed.replace('1005616', '9005616')],
    ['an error', 'sh: cat: not found'],
  ])('%s it is not believed', (_, text) => {
    expect(parseGuest(text)).toBeNull();
  });
});

describe('what it comes to hold', () => {
  const reading = (digit: number, gib: number) => ({
    bootId: boot(digit),
    totalBytes: 8 * GIB,
    touchedBytes: gib * GIB,
  });
  const runsOf = (...gib: number[]): VmRun[] =>
    gib.map((peak, index) => ({ bootId: `run-${index}`, peakBytes: peak * GIB }));

  test('within one run only the most counts; another boot is another run', () => {
    let runs = withReading([], reading(1, 2));
    runs = withReading(runs, reading(1, 3));
    runs = withReading(runs, reading(1, 1));
    expect(runs).toEqual([{ bootId: boot(1), peakBytes: 3 * GIB }]);
    runs = withReading(runs, reading(2, 1));
    expect(runs.map(({ peakBytes }) => peakBytes / GIB)).toEqual([3, 1]);
  });

  test('the last twenty runs are kept', () => {
    const runs = withReading(runsOf(...Array.from({ length: 20 }, (_, index) => index)), reading(1, 5));
    expect(runs).toHaveLength(20);
    expect(runs[0]?.peakBytes).toBe(GIB);
  });

  test('two runs teach nothing; of twenty, the largest one does not decide', () => {
    expect(learnedPeak(runsOf(2, 3))).toBeNull();
    expect(learnedPeak(runsOf(2, 3, 1))).toBe(3 * GIB);
    const twenty = runsOf(8, ...Array.from({ length: 19 }, () => 2));
    expect(learnedPeak(twenty)).toBe(2 * GIB);
  });
});
