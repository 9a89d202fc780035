import type { Handoff, HandoffStep } from '../../src-shared/world/handoff.ts';
import { factSentences } from '../../src-shared/world/fact-sentence.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';

type StepName = HandoffStep['step'];

export interface StepView {
  readonly step: StepName;
  readonly status: 'waiting' | HandoffStep['outcome'];
  /** What it took, or how long it has been and may be; null when there is nothing to say. */
  readonly time: Sentence | null;
  readonly facts: readonly Sentence[];
}

const DEPARTURE: readonly StepName[] = ['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING', 'RELEASED'];
const LOSS: readonly StepName[] = ['SUSPECT', 'LOST'];
const RETURN: readonly StepName[] = ['RETURN_10', 'RETURN_50', 'RETURN_FULL'];

/** How long a step may last at most (design/limits.md, Hand-off); what has begun says its own limit. */
const LIMITS_MS: { readonly [S in StepName]?: number } = {
  PREPARING: 20_000,
  SHIFTING: 8000,
  VERIFYING: 10_000,
  DRAINING: 45_000,
  RELEASED: 30_000,
};

/** The steps of what is under way or ended last, and those still to come. */
export function stepViews(handoff: Handoff, nowMs: number): StepView[] {
  const { state, steps, unplanned } = handoff;
  const expected = state === 'RETURNING' ? RETURN : state === 'LOST' ? LOSS : DEPARTURE;
  // Repeated after a crash or a second try: the newest counts.
  const latest = new Map(steps.map((step) => [step.step, step]));
  const last = Math.max(-1, ...expected.map((name, index) => (latest.has(name) ? index : -1)));
  const goesOn = state === 'RETURNING' || (!unplanned && expected === DEPARTURE && isOnTheWay(handoff));
  return expected.flatMap((name, index) => {
    const step = latest.get(name);
    if (step !== undefined) return [viewOf(step, nowMs)];
    return goesOn && index > last ? [waitingView(name)] : [];
  });
}

function isOnTheWay({ state }: Handoff): boolean {
  return (DEPARTURE as readonly string[]).includes(state);
}

function waitingView(step: StepName): StepView {
  const limitMs = LIMITS_MS[step];
  const time = limitMs === undefined ? null : sentence('handoff.time.most', { limitMs });
  return { step, status: 'waiting', time, facts: [] };
}

function viewOf(step: HandoffStep, nowMs: number): StepView {
  return {
    step: step.step,
    status: step.outcome,
    time: timeOf(step, nowMs),
    facts: factSentences(step.facts),
  };
}

export function timeOf(
  { startedAt, elapsedMs, limitMs, outcome }: HandoffStep,
  nowMs: number,
): Sentence | null {
  if (outcome === 'skipped') return sentence('steps.skipped');
  if (elapsedMs !== null) return sentence('handoff.time.took', { tookFineMs: elapsedMs });
  // The other Mac's clock may be ahead of this one.
  const tookMs = Math.max(0, nowMs - Date.parse(startedAt));
  return limitMs === null
    ? sentence('handoff.time.took', { tookMs })
    : sentence('handoff.time.running', { tookMs, limitMs });
}

/** `3,214`: the same in both languages. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en');
}
