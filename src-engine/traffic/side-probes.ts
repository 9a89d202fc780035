import type { Side } from '../../src-shared/world/traffic.ts';
import type { Scheduler } from '../platform/clock.ts';
import type { ProbeAnswer, ProbeClient, ProbeTarget } from './probe-client.ts';
import { interleaved, isGivenUp, outcomeOf } from './probe-stats.ts';
import type { ProbeOutcome } from './room-ports.ts';

export interface SideProbesPorts {
  readonly scheduler: Scheduler;
  /** Where a side answers on its health path; null: not known. */
  target(side: Side): ProbeTarget | null;
  /** Connections that are kept for one run: a handshake each time would be measured with the answer. */
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
  const client = ports.client();
  for (const side of interleaved({ core: most('core'), edge: most('edge') })) {
    const target = ports.target(side);
    if (target !== null && !isGivenUp(answers[side])) answers[side].push(await client.get(target));
  }
  client.dispose();
  for (const side of ['core', 'edge'] as const)
    for (const { tell } of wishes[side] ?? []) tell(outcomeOf(side, answers[side]));
}
