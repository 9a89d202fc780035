import { expect, test } from 'vitest';
import { picturePaths, topOf } from './picture-paths.ts';

const size = { width: 90, height: 100, seconds: 4 };

test('the edge stands on the core, the newest second at the right edge', () => {
  const seconds = [
    { core: 200, edge: 0 },
    { core: 50, edge: 150 },
  ];
  const picture = picturePaths(seconds, size);
  expect(picture?.top).toBe(200);
  // From 2 of 3 slots on; the core falls from the top to a quarter, and the edge fills what is above it.
  expect(picture?.core).toBe('M60,0L90,75L90,100L60,100Z');
  expect(picture?.edge).toBe('M60,0L90,0L90,75L60,0Z');
});

test('one second is no picture', () => {
  expect(picturePaths([{ core: 1, edge: 1 }], size)).toBeNull();
});

test('the scale is a round number that holds all', () => {
  expect([topOf([]), topOf([{ core: 40, edge: 160 }]), topOf([{ core: 41, edge: 160 }])]).toEqual([
    50, 200, 250,
  ]);
});
