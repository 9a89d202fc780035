import type { StepStatus } from './clusters.ts';
import { sentence, type Sentence } from './sentence.ts';

/**
 * Why it takes so long: the step that takes, or took, most above its usual time, with both. Null when no step is slow;
 * what is slow the engine says, from its own earlier runs.
 */
export function slowSentence(steps: readonly StepStatus[]): Sentence | null {
  const over = ({ elapsedMs, usualMs }: StepStatus): number => (elapsedMs ?? 0) - (usualMs ?? 0);
  const slow = steps.filter((step) => step.slow === true && step.elapsedMs !== null && step.usualMs !== null);
  const [worst] = slow.sort((a, b) => over(b) - over(a));
  if (worst === undefined) return null;
  return sentence(worst.status === 'running' ? 'slow.now' : 'slow.was', {
    stepKey: `step.${worst.step}`,
    tookMs: worst.elapsedMs ?? 0,
    usualMs: worst.usualMs ?? 0,
  });
}
