import { expect, test } from 'vitest';
import { translator } from '../language/translate.ts';
import type { PodContainer } from '../pod-report.ts';
import { containerSentences, logSentence } from './pod-sentence.ts';
import { say } from './sentence.ts';

const container = (change: Partial<PodContainer> = {}): PodContainer => ({
  name: 'coredns',
  why: 'CrashLoopBackOff',
  message: null,
  exitCode: 1,
  restarts: 7,
  log: 'plugin/forward: no nameservers',
  previous: true,
  problem: null,
  ...change,
});
const speaking = { t: translator('en'), now: new Date() };
const log = (change: Partial<PodContainer>) => say(logSentence(container(change)), speaking);

test('what is the matter, and nothing that is not known', () => {
  const words = (one: PodContainer) => containerSentences(one).map((each) => say(each, speaking));
  expect(words(container())).toEqual(['CrashLoopBackOff', 'exit code 1', '7 restarts']);
  expect(words(container({ why: null, exitCode: null, restarts: 0 }))).toEqual(['not ready']);
});

test('whose log it is, and why there is none', () => {
  expect(log({})).toContain('run before');
  expect(log({ previous: false })).toBe('Last lines of its log');
  expect(log({ log: null })).toContain('never run');
  expect(log({ log: '', previous: false })).toContain('nothing');
  expect(log({ log: null, problem: 'apiSilent' })).toBe(
    'Its log could not be read: its API does not answer in time',
  );
  expect(log({ log: null, problem: 'container not found' })).toContain('container not found');
});
