import { expect, test } from 'vitest';
import { iconIsHidden } from './tray-visibility.ts';

const displays = [
  { x: 0, y: 0, width: 1728, height: 1117 },
  { x: 1728, y: 0, width: 1920, height: 1080 },
];

test('an icon that was switched off lies at the bottom edge; others lie in a menu bar', () => {
  expect(iconIsHidden({ x: 0, y: 1117, width: 32, height: 33 }, displays)).toBe(true);
  expect(iconIsHidden({ x: 0, y: 0, width: 0, height: 0 }, displays)).toBe(true);
  expect(iconIsHidden({ x: 1300, y: 0, width: 32, height: 33 }, displays)).toBe(false);
  expect(iconIsHidden({ x: 3000, y: 0, width: 32, height: 24 }, displays)).toBe(false);
});
