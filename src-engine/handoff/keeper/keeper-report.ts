import type { Counters } from '../ports.ts';
import type { HandoffReport } from '../report/report.ts';
import type { Ending, KeeperRecord } from './record.ts';

/** The report of a departure, loss or return that ended, from the record alone. */
export function reportOf(record: KeeperRecord, ending: Ending, nowMs: number): HandoffReport {
  return {
    handoffId: record.handoffId ?? '',
    epoch: record.epoch,
    kind: ending.kind,
    outcome: ending.outcome,
    planned: ending.kind !== 'loss' && !record.unplanned,
    noPeer: record.noPeer,
    reasons: record.reasons,
    startedAt: record.startedAt,
    elapsedMs: Math.max(0, ending.sinceMs - record.startedMs),
    deadlineMs: record.deadlineWasMs,
    sharesBefore: record.before,
    sharesAfter: record.seen,
    steps: record.steps.map(({ startedMs, ...step }) =>
      step.outcome === 'running'
        ? { ...step, outcome: 'done', elapsedMs: Math.max(0, nowMs - startedMs) }
        : step,
    ),
    requests: requestsOf(record),
    moved: shownMoved(record) ?? movedOf(record),
    cut: record.cut,
    cutCount: record.cutCount,
    resent: record.resent,
    evidence: record.evidence,
    problem: ending.problem,
  };
}

function requestsOf({ counters, probes }: KeeperRecord): HandoffReport['requests'] {
  const { begin, last } = counters;
  if (begin === null || last === null) return null;
  const between = (field: 'requests' | 'failures' | 'retried') => ({
    core: atLeast0(last.core[field] - begin.core[field]),
    edge: atLeast0(last.edge[field] - begin.edge[field]),
  });
  const { core, edge } = between('requests');
  const failures = between('failures');
  const retried = between('retried');
  return {
    total: core + edge,
    core,
    edge,
    failed: failures.core + failures.edge,
    retried: retried.core + retried.edge,
    probes,
  };
}

/** What DRAINING showed last: the report says the same, not what went to the core in the time after it. */
function shownMoved({ steps }: KeeperRecord): number | null {
  const moved = steps.findLast(({ step }) => step === 'DRAINING')?.facts['moved'];
  return typeof moved === 'number' ? moved : null;
}

/** What the edge would have had of the requests since the weights moved, less what it still had. */
export function movedOf({ counters, before }: Pick<KeeperRecord, 'counters' | 'before'>): number | null {
  const { moved, last } = counters;
  if (moved === null || last === null || before === null) return null;
  const { core, edge } = requestsBetween(moved, last);
  return Math.max(0, Math.round(((core + edge) * before.edge) / 100 - edge));
}

function requestsBetween(from: Counters, to: Counters): { core: number; edge: number } {
  return {
    core: atLeast0(to.core.requests - from.core.requests),
    edge: atLeast0(to.edge.requests - from.edge.requests),
  };
}

/** A front that began anew counts from 0 again: nothing is known then, but nothing is negative. */
function atLeast0(value: number): number {
  return Math.max(0, value);
}
