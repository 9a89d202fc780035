import { expect, test } from 'vitest';
import { errorSentences, hintKey, idsWithWords, translator } from './translate.ts';

test('ids inside an error are said as words, in both languages', () => {
  const busy = { code: 'clusterBusy', params: { name: 'lab', verb: 'stop' } } as const;
  expect(errorSentences(busy, translator('en')).message).toBe('lab is busy: stop is running.');
  expect(errorSentences(busy, translator('ko')).message).toContain('중지 작업');
  const other = {
    code: 'notAsExpected',
    params: { name: 'lab', verb: 'start', state: 'partial', expected: 'running' },
  } as const;
  expect(errorSentences(other, translator('en')).message).toBe(
    'After start, lab is partly running instead of running.',
  );
});

test('what has no words is said as it came', () => {
  expect(idsWithWords({ verb: 'fly', name: 'stop', step: 'waitApi' })).toEqual({ step: 'step.waitApi' });
});

test('a refusal for memory says when nothing would fit', () => {
  const refused = (fitGb: string) => ({ code: 'memoryRefused', params: { fitGb } }) as const;
  expect(hintKey(refused('1.1'))).toBe('error.memoryRefused.hint');
  expect(hintKey(refused('0.0'))).toBe('hint.nothingFits');
});
