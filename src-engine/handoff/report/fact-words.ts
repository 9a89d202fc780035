import { isMessageKey, translator } from '../../../src-shared/language/translate.ts';
import type { HandoffStep } from '../../../src-shared/world/handoff.ts';
import { milliseconds } from './words.ts';

// A report is a file: it is written once, in the language of logs and history.
const english = translator('en');
/** A report names no machine: it may be shown to others. */
export const sides = { core: 'the core', edge: 'the edge' };

/** `Let open requests finish`: what a step is for. */
export function stepWords(step: HandoffStep['step']): string {
  return english(`handoff.step.${step}`, sides);
}

/**
 * `0 open on core, 40 probes`: in words where there are any, as the popover says them, else by the name under which
 * it was measured. What nobody measured is left out.
 */
export function factWords(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => oneFact(name, value))
    .join(', ');
}

function oneFact(name: string, value: unknown): string {
  const key = name === 'why' ? `handoff.fact.why.${String(value)}` : `handoff.fact.${name}`;
  // A "no" has no words of its own: the name says what is not.
  if (!isMessageKey(key) || value === false || typeof value === 'object')
    return `${name} ${plainFact(value)}`;
  if (value === true) return english(key);
  const isDuration = typeof value === 'number' && name.endsWith('Ms');
  return english(key, { value: isDuration ? milliseconds(value) : plainFact(value) });
}

/** A tenth is as fine as anything here is measured. */
function plainFact(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : (JSON.stringify(value) ?? '');
}
