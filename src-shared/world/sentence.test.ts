import { expect, test } from 'vitest';
import { translator } from '../language/translate.ts';
import { formatTime, say, sentence } from './sentence.ts';

const now = new Date(2026, 2, 2, 18, 30);
const at = (day: number, hour: number) => new Date(2026, 2, day, hour, 4).toISOString();

test('units at the end of a name are spoken in the language', () => {
  const eta = sentence('sentence.busy.detail.eta', { current: 1, total: 3, etaMs: 130_000 });
  expect(say(eta, { t: translator('en'), now })).toBe('Step 1 of 3 · about 2 min 10 s left');
  expect(say(eta, { t: translator('ko'), now })).toBe('3단계 중 1 · 약 2분 10초 남음');
});

test('short durations keep what matters of them', () => {
  const took = (ms: number) =>
    say(sentence('breaks.lasted', { tookFineMs: ms }), { t: translator('en'), now });
  expect([0.4, 2, 999, 2510, 9990, 61_000].map(took)).toEqual([
    'lasted 0 ms',
    'lasted 2 ms',
    'lasted 999 ms',
    'lasted 2.5 s',
    'lasted 10.0 s',
    'lasted 1 min 1 s',
  ]);
});

test('a sentence inside a sentence has the same values', () => {
  const corrected = sentence('breaks.first', { whatKey: 'class.APP_HUNG', nameKey: 'peer.other' });
  expect(say(corrected, { t: translator('en'), now })).toBe(
    'First taken for: Tandem on the other Mac does not respond',
  );
});

test('an id without a sentence is shown as itself', () => {
  const step = sentence('sentence.busy.detail', { current: 1, total: 3, stepKey: 'step.aStepWithoutWords' });
  expect(say(step, { t: translator('en'), now })).toBe('Step 1 of 3 · aStepWithoutWords');
});

test('a time of another day carries its date', () => {
  expect(formatTime(at(2, 18), now)).toBe('18:04');
  expect(formatTime(at(1, 9), now)).toBe('03-01 09:04');
});
