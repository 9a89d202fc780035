import type { Fault } from './handoff-faults.ts';
import type { Cost } from './handoff-verdict.ts';
import { medianOf, report } from './report.ts';

/** What the deaths of one kind cost: a line for each figure, ours beside a peer's. */

interface Figure {
  readonly metric: string;
  readonly unit: string;
  of(costs: readonly Cost[]): number;
}

type Count = (cost: Cost) => number;
const most = (of: Count) => (costs: readonly Cost[]) => Math.max(...costs.map(of));
const mean = (of: Count) => (costs: readonly Cost[]) =>
  costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length;
const median = (of: Count) => (costs: readonly Cost[]) => medianOf(costs.map(of));

const requests = (metric: string, of: Count): Figure => ({ metric, unit: 'requests', of: mean(of) });

/** Means: 0 is none in all of them. */
const figures: readonly Figure[] = [
  { metric: 'deaths', unit: 'times', of: (costs) => costs.length },
  {
    metric: 'last failure that a client saw, p50',
    unit: 'ms',
    of: median(({ lastFailureMs }) => lastFailureMs),
  },
  {
    metric: 'last failure that a client saw, max (goal 3000)',
    unit: 'ms',
    of: most(({ lastFailureMs }) => lastFailureMs),
  },
  {
    metric: 'last request that the dead edge held up, max',
    unit: 'ms',
    of: most(({ lastHeldUpMs }) => lastHeldUpMs),
  },
  requests('GETs lost a death (goal 0)', ({ idempotentLost }) => idempotentLost),
  requests('POSTs lost a death that nobody executed (goal 0)', ({ postsLost }) => postsLost),
  requests('POSTs lost a death while executing', ({ postsExecuting }) => postsExecuting),
  requests('POSTs executed twice a death (goal 0)', ({ duplicates }) => duplicates),
  requests('executed a death after the client was told of failure (goal 0)', ({ zombies }) => zombies),
  requests('lost a death when the edge was back (goal 0)', ({ lostOnReturn }) => lostOnReturn),
];

export function tellBeside(fault: Fault, ours: readonly Cost[], name: string, theirs: readonly Cost[]): void {
  for (const { metric, unit, of } of figures)
    report('loss', `${fault} beside ${name}: ${metric}`, of(ours), unit, of(theirs));
}
