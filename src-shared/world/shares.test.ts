import { expect, test } from 'vitest';
import { dealAlike, saferOf } from './shares.ts';

const low = { core: 90, edge: 10 };
const high = { core: 20, edge: 80 };

test('the safer of two dealings has less on the edge', () => {
  expect([saferOf(low, high), saferOf(high, low)]).toEqual([low, low]);
});

test('weights are whole numbers: a share that was rounded is the same', () => {
  expect(dealAlike({ core: 66.7, edge: 33.3 }, { core: 67, edge: 33 })).toBe(true);
  expect(dealAlike(low, { core: 89, edge: 11 })).toBe(false);
});
