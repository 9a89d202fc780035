import { isMessageKey } from '../language/translate.ts';
import { sentence, type Sentence } from './sentence.ts';

/** What a step of a hand-off measured, by name; a name that ends in `Ms` is a duration. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * One fact in words: `0 open on core`, `p95 12 ms`. Null where there are none: another version measured it, nobody
 * did, or it is a "no", of which the words are those of the "yes".
 */
export function factSentence(name: string, value: unknown): Sentence | null {
  const key = name === 'why' ? `handoff.fact.why.${String(value)}` : `handoff.fact.${name}`;
  if (!isMessageKey(key)) return null;
  if (value === true) return sentence(key);
  if (typeof value === 'string') return sentence(key, { value });
  if (typeof value !== 'number') return null;
  return sentence(key, name.endsWith('Ms') ? { valueFineMs: value } : { value: inTenths(value) });
}

/** What was measured, as far as there are words for it: for screens and the command line. */
export function factSentences(facts: Facts): Sentence[] {
  return Object.entries(facts).flatMap(([name, value]) => factSentence(name, value) ?? []);
}

/** `3,214`, `1.3`: a tenth is as fine as anything here is measured, and the same in both languages. */
export function inTenths(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
