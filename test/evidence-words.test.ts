import { expect, test } from 'vitest';
import { evidence, evidenceKinds, sleepHints } from '../src-engine/link/classify/evidence-kinds.ts';
import { translator } from '../src-shared/language/translate.ts';
import { evidenceSentence } from '../src-shared/world/peer-sentence.ts';
import { byeReasonSchema } from '../src-shared/world/peer.ts';
import { say } from '../src-shared/world/sentence.ts';

const languages = (['en', 'ko'] as const).map((language) => ({ t: translator(language), now: new Date() }));

test.each(evidenceKinds)('%s has words in both languages', (kind) => {
  const item = evidence(kind, 2500, 'en0 192.0.2.7');
  const sentence = evidenceSentence(item);
  expect(sentence).not.toBeNull();
  for (const speaking of languages)
    expect(sentence && say(sentence, speaking)).not.toMatch(/\{\{|\?|evidence\./);
});

test('what a Mac says before it leaves has words of its own', () => {
  for (const speaking of languages) {
    const words = (kind: Parameters<typeof evidence>[0], detail: string) => {
      const sentence = evidenceSentence(evidence(kind, null, detail));
      return sentence === null ? '' : say(sentence, speaking);
    };
    const hints = sleepHints.map((hint) => words('peer/peer/sleep/said', hint));
    const reasons = byeReasonSchema.options.map((reason) => words('peer/peer/bye/said', reason));
    expect(new Set(hints).size).toBe(sleepHints.length);
    expect(new Set(reasons).size).toBe(byeReasonSchema.options.length);
    for (const text of [...hints, ...reasons]) expect(text).not.toMatch(/\?|[a-z][A-Z]/);
  }
});
