import { translator } from '../../../src-shared/language/translate.ts';
import { factSentence, inTenths, type Facts } from '../../../src-shared/world/fact-sentence.ts';
import type { HandoffStep } from '../../../src-shared/world/handoff.ts';
import { say } from '../../../src-shared/world/sentence.ts';

// A report is a file: it is written once, in the language of logs and history.
const english = translator('en');
/** A report names no machine: it may be shown to others. */
export const sides = { core: 'the core', edge: 'the edge' };

/** `Let open requests finish`: what a step is for. */
export function stepWords(step: HandoffStep['step']): string {
  return english(`handoff.step.${step}`, sides);
}

/**
 * `0 open on core, 40 probes`: in words where there are any, as the popover says them. A report is evidence: what has
 * none, and a "no", is not left out as there but said by the name under which it was measured.
 */
export function factWords(facts: Facts): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => oneFact(name, value))
    .join(', ');
}

function oneFact(name: string, value: unknown): string {
  const words = factSentence(name, value);
  // No fact is a time of day: it does not matter when it is said.
  return words === null ? `${name} ${plainFact(value)}` : say(words, { t: english, now: new Date(0) });
}

function plainFact(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? inTenths(value) : (JSON.stringify(value) ?? '');
}
