import { expect, test } from 'vitest';
import { logTail, plainText } from './log-tail.ts';

test('what a terminal would obey is gone, the words stay', () => {
  expect(plainText('\u001B[31mred\u001B[0m\r\n\u001B]0;title\u0007a\tb\u0008\n\n')).toBe('red\na\tb');
  expect(plainText('\u009B31mx')).toBe('31mx');
  expect(logTail('한국어 로그\n')).toBe('한국어 로그');
});

test('a title without its end hides no line, and no letter is told in another order', () => {
  expect(plainText('one\n\u001B]0;never ended\ntwo\nthree')).toBe('one\n\ntwo\nthree');
  expect(plainText('a\u202Eb\u2066c\u200Fd\u2028e')).toBe('abcde');
});

test('the newest whole lines that fit', () => {
  const log = 'first\nsecond\nthird';
  expect(logTail(log, 11)).toBe('third');
  expect(logTail(log, 12)).toBe('second\nthird');
  expect(logTail(log, 17)).toBe('second\nthird');
  expect(logTail(log, 18)).toBe(log);
});

test('one endless line is cut, and no letter is', () => {
  expect(logTail('x'.repeat(50), 10)).toBe('x'.repeat(10));
  expect(logTail('가나다', 4)).toBe('다');
});
