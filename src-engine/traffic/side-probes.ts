import type { Side } from '../../src-shared/world/traffic.ts';
import type { Scheduler } from '../platform/clock.ts';
import type { ProbeAnswer, ProbeClient, ProbeLimits, ProbeTarget } from './probe-client.ts';
import { interleaved, isGivenUp, outcomeOf } from './probe-stats.ts';
import type { ProbeOutcome } from './room-ports.ts';

/** These measure how fast a side answers: one that is slow is to be seen as slow, and not as absent. */
const PATIENT: ProbeLimits = { connectMs: 1000, answerMs: 2000 };

export interface SideProbesPorts {
  readonly scheduler: Scheduler;
  /** Where a side answers on its health path; null: not known. */
  target(side: Side): ProbeTarget | null;
  /** Connections that are kept for one run. */
  client(): ProbeClient;
}

/** GETs straight to a side, past the front. */
export interface SideProbes {
  /** Asked for in the same moment, both sides are probed in pairs. A side that is not known is asked nothing: `sent` 0. */
  probe(side: Side, count: number): Promise<ProbeOutcome>;
}

interface Wish {
  readonly count: number;
  readonly tell: (outcome: ProbeOutcome) => void;
}

export function sideProbes(ports: SideProbesPorts): SideProbes {
  let waiting: Partial<Record<Side, Wish[]>> | null = null;
  function begin(): void {
    const wishes = waiting ?? {};
    waiting = null;
    void run(ports, wishes);
  }
  return {
    probe: (side, count) =>
      new Promise((tell) => {
        if (waiting === null) ports.scheduler.after(0, begin);
        waiting ??= {};
        waiting[side] = [...(waiting[side] ?? []), { count, tell }];
      }),
  };
}

async function run(ports: SideProbesPorts, wishes: Partial<Record<Side, Wish[]>>): Promise<void> {
  const most = (side: Side): number => Math.max(0, ...(wishes[side] ?? []).map(({ count }) => count));
  const answers: Record<Side, ProbeAnswer[]> = { core: [], edge: [] };
  try {
    await ask(ports, { core: most('core'), edge: most('edge') }, answers);
  } catch {
    // What was answered until then counts; who waits is told in any case.
  }
  for (const side of ['core', 'edge'] as const)
    for (const { tell } of wishes[side] ?? []) tell(outcomeOf(side, answers[side]));
}

async function ask(
  ports: SideProbesPorts,
  counts: Record<Side, number>,
  answers: Record<Side, ProbeAnswer[]>,
): Promise<void> {
  const client = ports.client();
  const order = interleaved(counts);
  try {
    // The connections are opened by one more that is not measured: requests go over kept ones. A single one measures
    // nothing but whether there is an answer.
    for (const side of new Set(order)) {
      const target = counts[side] > 1 ? ports.target(side) : null;
      if (target !== null) await client.get(target, PATIENT);
    }
    for (const side of order) {
      const target = ports.target(side);
      if (target !== null && !isGivenUp(answers[side])) answers[side].push(await client.get(target, PATIENT));
    }
  } finally {
    client.dispose();
  }
}
