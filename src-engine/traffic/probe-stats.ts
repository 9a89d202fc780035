import type { Side } from '../../src-shared/world/traffic.ts';
import type { ProbeAnswer } from './probe-client.ts';
import type { ProbeOutcome } from './room-ports.ts';

/** A side that failed so often in a row is not asked on: each failure costs its limit, and the outcome is known. */
const GIVEN_UP_AFTER = 3;

/** 2xx and 3xx, as the fronts' own checks take it. */
export function isGood({ status }: ProbeAnswer): boolean {
  return status !== null && status >= 200 && status < 400;
}

/** A good answer that names another side as its giver. One without the header is a workload's own. */
export function isWrong(side: Side, answer: ProbeAnswer): boolean {
  return isGood(answer) && answer.backend !== null && answer.backend !== side;
}

/** What probes of one side say together. */
export function outcomeOf(side: Side, answers: readonly ProbeAnswer[]): ProbeOutcome {
  const wrong = answers.filter((answer) => isWrong(side, answer)).length;
  const good = answers.filter((answer) => isGood(answer) && !isWrong(side, answer));
  const times = good.map(({ elapsedMs }) => elapsedMs).sort((one, other) => one - other);
  return {
    sent: answers.length,
    ok: good.length,
    wrong,
    p50Ms: percentile(times, 50),
    p95Ms: percentile(times, 95),
  };
}

/**
 * Nearest rank (the smallest value that at least so many percent do not exceed); null of nothing.
 *
 * @param sorted ascending
 */
export function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}

export function isGivenUp(answers: readonly ProbeAnswer[]): boolean {
  return (
    answers.length >= GIVEN_UP_AFTER && answers.slice(-GIVEN_UP_AFTER).every((answer) => !isGood(answer))
  );
}

/**
 * The order in which both sides are asked: in pairs, so that what slows this machine meets both alike
 * (a p95 of one side alone failed windows on a busy machine); who begins alternates.
 */
export function interleaved(counts: Readonly<Record<Side, number>>): Side[] {
  const order: Side[] = [];
  for (let pair = 0; pair < Math.max(counts.core, counts.edge); pair += 1) {
    const sides: Side[] = pair % 2 === 0 ? ['core', 'edge'] : ['edge', 'core'];
    order.push(...sides.filter((side) => pair < counts[side]));
  }
  return order;
}
