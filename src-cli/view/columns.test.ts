import { expect, test } from 'vitest';
import { cut, padded } from './columns.ts';

test('a Hangul syllable takes two columns', () => {
  expect(padded('메모리', 8)).toBe('메모리  ');
  expect(padded('Memory', 8)).toBe('Memory  ');
  expect(padded('far too long', 4)).toBe('far too long ');
});

test('cuts between letters, never through one', () => {
  expect(cut('메모리 5 GB', 5)).toBe('메모');
  expect(cut('memory', 6)).toBe('memory');
  expect(cut('👩‍👩‍👧 family', 3)).toBe('👩‍👩‍👧 ');
});
