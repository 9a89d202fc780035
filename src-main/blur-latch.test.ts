import { expect, test } from 'vitest';
import { clickMeans } from './blur-latch.ts';

test('the click that blurred the popover does not open it again; a later one does', () => {
  expect(clickMeans(true, null, 0)).toBe('hide');
  expect(clickMeans(false, null, 0)).toBe('show');
  expect(clickMeans(false, 1000, 1249)).toBe('nothing');
  expect(clickMeans(false, 1000, 1250)).toBe('show');
});
