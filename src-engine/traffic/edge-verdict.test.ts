import { expect, test } from 'vitest';
import { CALM_MS, HURRIED_MS, judged, nextProbeMs, noVerdict, type EdgeVerdict } from './edge-verdict.ts';

/** `+` good, `-` failed, `?` could not be made. */
function after(probes: string, from: EdgeVerdict = noVerdict): EdgeVerdict {
  return probes.split('').reduce((verdict, one) => judged(verdict, one === '?' ? null : one === '+'), from);
}

test.each([
  ['', null],
  ['+', null],
  ['-', null],
  ['++', true],
  ['--', false],
  ['++-', true],
  ['++-+-+-+-', true],
  ['++--', false],
  ['++--+', false],
  ['++--++', true],
])('%s: alive %s', (probes, alive) => {
  expect(after(probes).alive).toBe(alive);
});

test('a probe that could not be made is no failure, and parts a row', () => {
  expect(after('++-?-').alive).toBe(true);
  expect(after('++????').alive).toBe(true);
  expect(after('???').alive).toBeNull();
  expect(after('++-?--').alive).toBe(false);
});

test('a probe that contradicts the verdict is followed by the next within 300 ms; else a second', () => {
  expect(nextProbeMs(after('++'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('++-'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++--'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('++--+'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++-+'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('+'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++'), true)).toBe(HURRIED_MS);
});
