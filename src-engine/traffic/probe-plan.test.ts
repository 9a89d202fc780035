import { expect, test } from 'vitest';
import { probesNeeded } from './probe-plan.ts';

test.each([
  // handoff.md, ten lines, 4: 20 for 50 %, 132 for 10 %; 9 for 80 % is under the floor.
  [0.8, 20],
  [0.5, 20],
  [0.1, 132],
])('a random front at %f needs %i', (share, needed) => {
  expect(probesNeeded(share, 'random')).toBe(needed);
});

test('with that many, a front that still gave the edge its share is missed once in a million at most', () => {
  for (let percent = 2; percent < 100; percent += 1)
    expect((1 - percent / 100) ** probesNeeded(percent / 100, 'random')).toBeLessThanOrEqual(1e-6);
});

test('one that deals in turn is through twice', () => {
  expect(probesNeeded(0.8, 'in-turn')).toBe(20);
  expect(probesNeeded(0.05, 'in-turn')).toBe(40);
  expect(probesNeeded(0.01, 'in-turn')).toBe(200);
});

test('neither nothing nor everything is asked without an end', () => {
  expect(probesNeeded(0, 'random')).toBe(20);
  expect(probesNeeded(1, 'random')).toBe(20);
  expect(probesNeeded(0.0001, 'random')).toBeLessThanOrEqual(2000);
});
