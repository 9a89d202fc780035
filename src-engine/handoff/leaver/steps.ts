import type { HandoffStep } from '../../../src-shared/world/handoff.ts';
import type { Departure, Moment } from './leaver-types.ts';

type Facts = HandoffStep['facts'];

/** Ends the step that runs and begins the next; the edge's own picture of a departure, shown when it is alone. */
export function stepTo(
  departure: Departure,
  step: HandoffStep['step'],
  now: Moment,
  limitMs: number | null,
): Departure {
  const { steps } = ended(departure, 'done', now, {});
  const next: HandoffStep = {
    step,
    startedAt: now.at,
    elapsedMs: null,
    limitMs,
    outcome: 'running',
    facts: {},
  };
  return { ...departure, steps: [...steps, next].slice(-40), stepMs: now.ms };
}

export function ended(
  departure: Departure,
  outcome: 'done' | 'cut' | 'failed',
  now: Moment,
  facts: Facts,
): Departure {
  const last = departure.steps.at(-1);
  if (last?.outcome !== 'running') return departure;
  const elapsedMs = Math.round(Math.max(0, now.ms - departure.stepMs));
  return { ...departure, steps: [...departure.steps.slice(0, -1), { ...last, outcome, elapsedMs, facts }] };
}
