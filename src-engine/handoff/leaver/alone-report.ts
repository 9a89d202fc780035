import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { HandoffReport } from '../report/report.ts';
import type { Departure, LeaverState, Moment } from './leaver-types.ts';

/**
 * The report of a departure that nobody proved: forced, with the core away or unfit. What the front did is not
 * known here and stays null.
 */
export function aloneReport(state: LeaverState, departure: Departure, now: Moment): HandoffReport {
  const problem: Problem = state.problem ?? { code: 'coreAway', params: {} };
  return {
    handoffId: departure.handoffId,
    epoch: state.epoch,
    kind: 'departure',
    outcome: 'offline',
    planned: true,
    noPeer: true,
    reasons: departure.reasons.slice(0, 10),
    startedAt: departure.startedAt,
    elapsedMs: Math.max(0, now.ms - departure.startedMs),
    deadlineMs: departure.totalMs,
    sharesBefore: null,
    sharesAfter: null,
    steps: [...departure.steps],
    requests: null,
    moved: null,
    cut: [...departure.cut],
    cutCount: departure.cutCount,
    resent: 0,
    evidence: [
      {
        at: now.at,
        what: 'left without the core: own readiness, own drain, own stop',
        facts: {
          link: state.link,
          silentMs: Math.max(0, Math.round(now.ms - departure.heardMs)),
          newRequests: departure.newRequests,
          stoppedMs: departure.stoppedMs,
          stopForced: departure.stopForced,
        },
      },
    ],
    problem,
  };
}
