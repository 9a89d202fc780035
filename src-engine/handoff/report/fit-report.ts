import type { HandoffReport } from './report.ts';

/** A line of history is at most 16 KiB (design/limits.md, Documents); the record around it needs some of them. */
const MOST_BYTES = 14 * 1024;
const MOST_FACTS_BYTES = 300;
/** Of each end of the evidence: how it began and how it was decided. */
const KEPT_EVIDENCE = 8;
const KEPT_CUT = 5;

/** From the least to the most that is left out; what counts (steps, requests, outcome) goes last. */
const ways: readonly ((report: HandoffReport) => HandoffReport)[] = [
  (report) => report,
  (report) => ({ ...report, evidence: report.evidence.map(withSmallFacts) }),
  (report) => ({ ...report, evidence: bothEnds(report.evidence.map(withSmallFacts)) }),
  (report) => ({
    ...report,
    evidence: bothEnds(report.evidence).map((one) => ({ ...one, facts: {} })),
    cut: report.cut.slice(0, KEPT_CUT),
  }),
  (report) => ({ ...report, evidence: [], cut: report.cut.slice(0, KEPT_CUT) }),
  (report) => ({
    ...report,
    evidence: [],
    cut: report.cut.slice(0, 1),
    steps: report.steps.map((step) => ({ ...step, facts: {} })),
  }),
];

/** The report as it fits a line of history: evidence is left out before what was measured. */
export function fitReport(report: HandoffReport, mostBytes = MOST_BYTES): HandoffReport {
  for (const way of ways) {
    const fitted = way(report);
    if (bytesOf(fitted) <= mostBytes) return fitted;
  }
  return ways.at(-1)?.(report) ?? report;
}

type Evidence = HandoffReport['evidence'][number];

function withSmallFacts(one: Evidence): Evidence {
  const leftOutBytes = bytesOf(one.facts);
  return leftOutBytes <= MOST_FACTS_BYTES ? one : { ...one, facts: { leftOutBytes } };
}

function bothEnds(evidence: readonly Evidence[]): Evidence[] {
  if (evidence.length <= 2 * KEPT_EVIDENCE) return [...evidence];
  return [...evidence.slice(0, KEPT_EVIDENCE), ...evidence.slice(-KEPT_EVIDENCE)];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
