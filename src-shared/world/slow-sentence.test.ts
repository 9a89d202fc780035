import { expect, test } from 'vitest';
import { translator } from '../language/translate.ts';
import type { StepStatus } from './clusters.ts';
import { say } from './sentence.ts';
import { slowSentence } from './slow-sentence.ts';

const step = (
  id: string,
  status: StepStatus['status'],
  elapsedMs: number,
  usualMs: number,
  slow = true,
): StepStatus => ({ step: id, status, elapsedMs, usualMs, ...(slow ? { slow: true as const } : {}) });
const words = (...steps: StepStatus[]) => {
  const why = slowSentence(steps);
  return why === null ? null : say(why, { t: translator('en'), now: new Date() });
};

test('the step that is most above its usual time, by its name and with both times', () => {
  const nodes = step('startNodes', 'done', 12_000, 4000);
  const api = step('waitApi', 'running', 41_000, 14_000);
  expect(words(nodes, api)).toBe(
    'Slower than usual: "Wait for the API" has taken 41 s so far, usually 14 s.',
  );
  expect(words(nodes, { ...api, elapsedMs: 20_000 })).toContain('took 12 s, usually 4 s');
});

test('nothing is said of what the engine calls no slower than usual', () => {
  expect(words(step('waitApi', 'running', 90_000, 1000, false))).toBeNull();
  expect(words()).toBeNull();
});
