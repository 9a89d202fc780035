import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { colima } from '../../test/doubles/runtimes.ts';
import { canStop, stopAsk } from './runtime-ask.ts';

const holding = (ours: number, names: string[], others = names.length) =>
  stopAsk(colima({ containers: { ours, others, names } }));
const words = ({ question }: ReturnType<typeof stopAsk>) =>
  question && say(question, { t: translator('en'), now: new Date() });

test('an empty one is stopped without a word, and without a leave to end anything', () => {
  expect(holding(0, [])).toEqual({ request: { force: false, yes: false }, question: null });
});

test('what would end is named, and only that is agreed to', () => {
  const own = holding(3, []);
  expect([own.request, words(own)]).toEqual([
    { force: false, yes: true },
    "Tandem's clusters in Colima are stopped first. Their data stays.",
  ]);
  const others = holding(0, ['db', 'web']);
  expect(others.request).toEqual({ force: true, yes: false });
  expect(words(others)).toContain('db, web.');
  const both = holding(1, ['a', 'b', 'c', 'd', 'e', 'f'], 30);
  expect(both.request).toEqual({ force: true, yes: true });
  expect(words(both)).toContain('a, b, c, d, e, ….');
});

test('what nobody could look into is not taken for empty', () => {
  const unknown = stopAsk(colima({ containers: null }));
  expect(unknown.request).toEqual({ force: true, yes: true });
  expect(words(unknown)).toContain('not known');
});

test('only a machine of its own that runs gives anything back', () => {
  expect(canStop(colima())).toBe(true);
  expect(canStop(colima({ state: 'stopped' }))).toBe(false);
  expect(canStop(colima({ name: 'dockerd', vm: null }))).toBe(false);
  expect(canStop(colima({ name: 'other' }))).toBe(false);
});
