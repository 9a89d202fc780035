import { expect, test } from 'vitest';
import type { Side } from '../../../src-shared/world/traffic.ts';
import { createDealer } from './deal.ts';

const dealt = (edge: number, count: number): Side[] => {
  const dealer = createDealer({ core: 100 - edge, edge });
  return Array.from({ length: count }, () => dealer.next());
};
const onEdge = (sides: readonly Side[]): number => sides.filter((side) => side === 'edge').length;

test('every share from 0 to 100 is exact over 100 requests, and over the next 100', () => {
  for (let edge = 0; edge <= 100; edge += 1) {
    const sides = dealt(edge, 200);
    expect(onEdge(sides.slice(0, 100))).toBe(edge);
    expect(onEdge(sides.slice(100))).toBe(edge);
  }
});

test('in turn: no run is longer than the share makes it, and no window of 10 is far from it', () => {
  for (const edge of [10, 37, 50, 80, 93]) {
    const sides = dealt(edge, 200);
    for (let start = 0; start + 10 <= sides.length; start += 1)
      expect(Math.abs(onEdge(sides.slice(start, start + 10)) - edge / 10)).toBeLessThan(1.5);
  }
  expect(dealt(80, 5)).toEqual(['edge', 'edge', 'core', 'edge', 'edge']);
});

test('weight 0 is 0 from the next request on, whatever credit there was', () => {
  const dealer = createDealer({ core: 99, edge: 1 });
  for (let turn = 0; turn < 48; turn += 1) dealer.next();
  dealer.set({ core: 100, edge: 0 });
  expect(dealer.shares()).toEqual({ core: 100, edge: 0 });
  expect(onEdge(Array.from({ length: 500 }, () => dealer.next()))).toBe(0);
});
