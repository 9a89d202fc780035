import type { DryRun } from '../../src-shared/commands/handoff.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { LinkState } from '../../src-shared/world/peer.ts';
import type { Problem, Traffic } from '../../src-shared/world/traffic.ts';
import type { Fitness } from './core-fitness.ts';
import type { ProbeOutcome } from './ports.ts';
import { reportOf } from './report/report-of.ts';

/** Of PREPARING: all of them must be good (SEQUENCE.md). */
export const DRY_PROBES = 20;
/** The departures whose median is told. */
const MOST_DEPARTURES = 10;
/** A year of history is not read for it. */
const MOST_RECORDS = 5000;
const MOST_PROBLEMS = 20;

/** What was looked at for a dry run. Null: this Mac cannot tell. */
export interface DryFacts {
  readonly handoff: Handoff;
  /** Why the edge itself would not leave; on the core nothing is known of it. */
  readonly ownProblems: readonly Problem[];
  readonly link: LinkState;
  /** Of the core, as far as this Mac knows it. */
  readonly fitness: Fitness;
  /** Of the core's own side; made by the core alone. */
  readonly probes: ProbeOutcome | null;
  readonly traffic: Traffic | null;
  /** Milliseconds of the planned departures that ended OFFLINE, newest first. */
  readonly departuresMs: readonly number[];
  readonly cluster: string | null;
  readonly stuckPods: DryRun['stuckPods'];
}

/** What would happen if the edge left now; nothing is changed and nothing guessed. */
export function dryRunOf(facts: DryFacts): DryRun {
  const { probes, traffic, departuresMs, cluster, stuckPods } = facts;
  return {
    problems: problemsOf(facts),
    coreFit: fitOf(facts),
    coreProbes: probes === null ? null : { sent: probes.sent, ok: probes.ok, p95Ms: probes.p95Ms },
    perSecond: traffic?.perSecond?.edge ?? null,
    inFlight: traffic?.inFlight?.edge ?? null,
    expectedMs: median(departuresMs),
    departures: departuresMs.length,
    cluster,
    stuckPods,
  };
}

function fitOf({ fitness, probes }: DryFacts): boolean | null {
  if (fitness.fit === false) return false;
  if (probes === null) return null;
  return probes.ok < probes.sent || probes.sent === 0 ? false : fitness.fit;
}

function problemsOf({ handoff, ownProblems, link, fitness, probes, traffic }: DryFacts): Problem[] {
  const found: (Problem | null)[] = [...ownProblems, handoff.hold, fitness.why, traffic?.problem ?? null];
  if (link !== 'up') found.push({ code: 'peerAway', params: {} });
  if (probes !== null && probes.ok < probes.sent)
    found.push({ code: 'coreUnfit', params: { why: 'probes', ok: probes.ok, sent: probes.sent } });
  const known = new Map<string, Problem>();
  for (const problem of found)
    if (problem !== null) known.set(`${problem.code} ${problem.params['why'] ?? ''}`, problem);
  return [...known.values()].slice(0, MOST_PROBLEMS);
}

/** Null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** How long the last planned departures took, newest first as the records are. */
export async function lastDepartures(records: AsyncIterable<HistoryRecord>): Promise<number[]> {
  const found: number[] = [];
  let seen = 0;
  for await (const record of records) {
    seen += 1;
    const report = reportOf(record);
    const counts = report?.kind === 'departure' && report.planned && report.outcome === 'offline';
    if (counts) found.push(report.elapsedMs);
    if (found.length >= MOST_DEPARTURES || seen >= MOST_RECORDS) break;
  }
  return found;
}
