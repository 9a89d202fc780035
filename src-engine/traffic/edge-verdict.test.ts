import { expect, test } from 'vitest';
import {
  CALM_MS,
  HURRIED_MS,
  judged,
  nextProbeMs,
  noVerdict,
  type EdgeVerdict,
  type GateLook,
} from './edge-verdict.ts';

/** `+` ready, `-` silent, `l` leaving, `u` its workload is down, `?` the probe could not be made. */
const looks: Readonly<Record<string, GateLook | null>> = {
  '+': { ready: true, notReady: null },
  '-': { ready: false, notReady: null },
  l: { ready: false, notReady: 'leaving' },
  u: { ready: false, notReady: 'upstreamDown' },
  '?': null,
};

function after(probes: string, from: EdgeVerdict = noVerdict): EdgeVerdict {
  return probes.split('').reduce((verdict, one) => judged(verdict, looks[one] ?? null), from);
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
  ['++l', true],
  ['++l-', false],
])('%s: alive %s', (probes, alive) => {
  expect(after(probes).alive).toBe(alive);
});

test('a probe that could not be made is no failure, and parts a row', () => {
  expect(after('++-?-').alive).toBe(true);
  expect(after('++????').alive).toBe(true);
  expect(after('???').alive).toBeNull();
  expect(after('++-?--').alive).toBe(false);
});

test.each([
  ['++ll', 'leaving'],
  ['++lu', 'upstreamDown'],
  // One lost packet is not the death of a gate that drains; two are.
  ['++ll-', 'leaving'],
  ['++ll-l-', 'leaving'],
  ['++l-', 'leaving'],
  ['++ll--', null],
  ['++--', null],
  ['++--l', 'leaving'],
  // Ready once, and not yet alive again.
  ['++ll+', 'leaving'],
  ['++ll++', null],
  ['++ll?', 'leaving'],
])('%s: its word is %s', (probes, notReady) => {
  expect(after(probes).notReady).toBe(notReady);
});

test('a probe that contradicts the verdict is followed by the next within 300 ms; else a second', () => {
  expect(nextProbeMs(after('++'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('++-'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++--'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('++--+'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++-+'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('+'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++'), true)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++ll'), false)).toBe(CALM_MS);
  expect(nextProbeMs(after('++ll-'), false)).toBe(HURRIED_MS);
  expect(nextProbeMs(after('++ll--'), false)).toBe(CALM_MS);
});
