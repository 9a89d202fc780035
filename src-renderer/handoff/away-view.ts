import type { Handoff } from '../../src-shared/world/handoff.ts';
import { leaveReasonSentence, namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { grouped, stepViews } from './step-view.ts';
import { lostCount } from './share-view.ts';

/** An edge that is out: what it cost, and what its return waits for. */
export interface AwayView {
  readonly summary: Sentence | null;
  /** Reasons that must clear first. */
  readonly reasons: readonly Sentence[];
  readonly waits: Sentence | null;
}

export function awayView(world: World, handoff: Handoff, nowMs: number): AwayView {
  const left = handoff.reasons.filter(({ name }) => name !== 'user');
  return {
    summary: summaryOf(handoff, nowMs),
    reasons: left.map(leaveReasonSentence),
    waits: waitsFor(world, handoff, left.length, nowMs),
  };
}

/** By the steps: how long it took, what moved, what was cut. */
function summaryOf(handoff: Handoff, nowMs: number): Sentence | null {
  const shown = new Set<string>(stepViews(handoff, nowMs).map(({ step }) => step));
  const counted = handoff.steps.filter(({ step, elapsedMs }) => shown.has(step) && elapsedMs !== null);
  if (counted.length === 0) return null;
  const tookMs = counted.reduce((sum, { elapsedMs }) => sum + (elapsedMs ?? 0), 0);
  const lost = lostCount(handoff);
  const moved = handoff.steps
    .flatMap(({ facts }) => [facts['moved'], facts['requestsMoved']])
    .findLast((value) => typeof value === 'number');
  const loss = handoff.state === 'LOST';
  if (lost === null) return sentence(loss ? 'handoff.summary.loss.took' : 'handoff.summary.took', { tookMs });
  if (loss) return sentence('handoff.summary.loss', { tookFineMs: tookMs, count: lost });
  return moved === undefined
    ? sentence('handoff.summary.cut', { tookMs, count: lost })
    : sentence('handoff.summary', { tookMs, moved: grouped(moved), count: lost });
}

function waitsFor(
  world: World,
  { reasons, coolDownUntil }: Handoff,
  left: number,
  nowMs: number,
): Sentence | null {
  const names = namesOf(world);
  const side = world.role === 'core' ? 'core' : 'edge';
  if (reasons.some(({ name }) => name === 'user')) return sentence(`handoff.waits.person.${side}`, names);
  const cools = coolDownUntil !== null && Date.parse(coolDownUntil) > nowMs ? coolDownUntil : null;
  if (left > 0 && cools !== null) return sentence('handoff.waits.reasonsAndTime', { untilAt: cools });
  if (left > 0) return sentence('handoff.waits.reasons');
  if (cools !== null) return sentence('handoff.waits.time', { untilAt: cools });
  return sentence(`handoff.waits.checks.${side}`, names);
}
