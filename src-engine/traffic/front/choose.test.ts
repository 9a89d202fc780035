import { expect, test } from 'vitest';
import { elsewhere, sideFor, type Facts, type SideFacts } from './choose.ts';

const side = (weight: number, more: Partial<SideFacts> = {}): SideFacts => ({
  usable: true,
  weight,
  up: true,
  ...more,
});
const facts = (core: Partial<SideFacts>, edge: Partial<SideFacts>): Facts => ({
  core: side(20, core),
  edge: side(80, edge),
});

test('a side that is up, or was never looked at, gets what it was dealt', () => {
  expect(sideFor('edge', facts({}, {}))).toBe('edge');
  expect(sideFor('core', facts({}, {}))).toBe('core');
  expect(sideFor('edge', facts({ up: null }, { up: null }))).toBe('edge');
});

test('a side that is down gets nothing while the other is up, and its share when both are down', () => {
  expect(sideFor('edge', facts({}, { up: false }))).toBe('core');
  expect(sideFor('core', facts({ up: false }, {}))).toBe('edge');
  expect(sideFor('edge', facts({ up: null }, { up: false }))).toBe('core');
  expect(sideFor('edge', facts({ up: false }, { up: false }))).toBe('edge');
  expect(sideFor('core', facts({ up: false }, { up: false }))).toBe('core');
});

test('nothing goes to an edge without weight, dead, or without an address, not even when the core is down', () => {
  expect(sideFor('core', facts({ up: false }, { weight: 0 }))).toBe('core');
  expect(sideFor('core', facts({ up: false }, { usable: false }))).toBe('core');
  expect(sideFor('edge', facts({ up: false }, { usable: false }))).toBe('core');
  expect(elsewhere('core', facts({}, { weight: 0 }))).toBeNull();
  expect(elsewhere('core', facts({}, { usable: false }))).toBeNull();
  expect(elsewhere('core', facts({}, { up: false }))).toBeNull();
});

test('the core takes what the edge did not answer, also at weight 0 and when checks call it down', () => {
  expect(elsewhere('edge', facts({ weight: 0, up: false }, {}))).toBe('core');
  expect(elsewhere('core', facts({}, {}))).toBe('edge');
});
