import { expect, test } from 'vitest';
import { chooseLanguage } from './language-choice.ts';

test('setting, then TANDEM_LANG, then the system', () => {
  expect(chooseLanguage('ko', { TANDEM_LANG: 'en' }, ['en-US'])).toBe('ko');
  expect(chooseLanguage('auto', { TANDEM_LANG: 'ko' }, ['en-US'])).toBe('ko');
  expect(chooseLanguage('auto', {}, ['ko-KR', 'en-US'])).toBe('ko');
  expect(chooseLanguage('auto', {}, ['de-DE'])).toBe('en');
  expect(chooseLanguage('auto', {}, [])).toBe('en');
});
