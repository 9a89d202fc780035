import { expect, test } from 'vitest';
import { scaleOf, sparkPaths } from './spark-path.ts';

const at = (secondsAgo: number, value: number | null) => ({ atMs: 600_000 - secondsAgo * 1000, value });
const size = { width: 60, height: 20 };

test('the range is what was measured, but never narrower than the span', () => {
  expect(scaleOf([at(10, 40), at(0, 60)], 4)).toEqual({ low: 40, high: 60 });
  expect(scaleOf([at(10, 50), at(0, 51)], 4)).toEqual({ low: 48.5, high: 52.5 });
  expect(scaleOf([at(10, null)], 4)).toBeNull();
});

test('time runs from left to right over ten minutes', () => {
  const paths = sparkPaths([at(600, 0), at(300, 10), at(0, 5)], { low: 0, high: 10 }, size, 600_000);
  expect(paths?.line).toBe('M0,18L30,2L60,10');
});

test('what is unknown is a gap', () => {
  const points = [at(600, 0), at(400, 5), at(300, null), at(200, 5), at(0, 5)];
  expect(sparkPaths(points, { low: 0, high: 10 }, size, 600_000)?.line.match(/M/g)).toHaveLength(2);
});

test('one point is no picture', () => {
  expect(sparkPaths([at(0, 5), at(1, null)], { low: 0, high: 10 }, size, 600_000)).toBeNull();
});
