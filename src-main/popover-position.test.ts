import { expect, test } from 'vitest';
import { anchorOf, popoverBounds, type Rect } from './popover-position.ts';

const size = { width: 360, height: 500 };
/** A Mac's screen with a menu bar of 25 points. */
const mac = {
  bounds: { x: 0, y: 0, width: 1440, height: 900 },
  workArea: { x: 0, y: 25, width: 1440, height: 875 },
};
const icon = (x: number, y = 0): Rect => ({ x, y, width: 30, height: 24 });

test('hangs under the middle of its icon', () => {
  expect(popoverBounds(icon(700), mac.workArea, size)).toEqual({ x: 535, y: 30, width: 360, height: 500 });
});

test('stays inside the work area at both edges and on a screen to the left', () => {
  expect(popoverBounds(icon(1420), mac.workArea, size).x).toBe(1440 - 360 - 8);
  expect(popoverBounds(icon(0), mac.workArea, size).x).toBe(8);
  const left = { x: -1280, y: 25, width: 1280, height: 775 };
  expect(popoverBounds(icon(-40), left, size).x).toBe(-368);
});

test('stands above a panel at the bottom, and is never taller than the work area', () => {
  const panel = { x: 0, y: 0, width: 1280, height: 760 };
  expect(popoverBounds({ x: 1000, y: 770, width: 0, height: 0 }, panel, size).y).toBe(760 - 500 - 8);
  expect(popoverBounds(icon(700), mac.workArea, { width: 360, height: 3000 }).height).toBe(875 - 16);
});

test('bounds are whole numbers', () => {
  const odd = popoverBounds({ x: 700.5, y: 0.3, width: 31, height: 24 }, mac.workArea, size);
  for (const value of Object.values(odd)) expect(Number.isInteger(value)).toBe(true);
});

test('a hidden icon is no anchor; a pointer at a panel is one; else top right', () => {
  expect(anchorOf({ x: 0, y: 900, width: 32, height: 33 }, { x: 300, y: 300 }, mac)).toBeNull();
  expect(anchorOf({ x: 0, y: 0, width: 0, height: 0 }, { x: 300, y: 300 }, mac)).toBeNull();
  expect(anchorOf(icon(700), { x: 300, y: 300 }, mac)).toEqual(icon(700));
  expect(anchorOf(null, { x: 1200, y: 10 }, mac)).toEqual({ x: 1200, y: 10, width: 0, height: 0 });
  expect(popoverBounds(null, mac.workArea, size)).toMatchObject({ x: 1072, y: 33 });
});
