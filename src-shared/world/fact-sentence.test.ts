import { expect, test } from 'vitest';
import { translator } from '../language/translate.ts';
import { factSentence, factSentences } from './fact-sentence.ts';
import { say } from './sentence.ts';

const english = { t: translator('en'), now: new Date(0) };
const spoken = (facts: Record<string, unknown>) => factSentences(facts).map((one) => say(one, english));

test('facts are spoken as far as there are words; a no and an unknown are not', () => {
  const facts = { cut: 0, moved: 3214, forced: false, p95Ms: 12, mystery: 7, onEdge: null, edgeFit: true };
  expect(spoken(facts)).toEqual(['0 cut', '3,214 moved', 'p95 12 ms', 'edge ready']);
});

test('a reason is one of a list, a number is as fine as it was measured, a list is no fact', () => {
  expect(spoken({ why: 'slow', share: 9.84 })).toEqual(['too slow', '9.8\u00a0%']);
  expect([factSentence('why', 'unheardOf'), factSentence('cut', [1]), factSentence('why', null)]).toEqual([
    null,
    null,
    null,
  ]);
});
