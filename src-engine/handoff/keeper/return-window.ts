import type { HandoffLimits } from '../../../src-shared/settings.ts';
import type { Counters } from '../ports.ts';
import { limitsOf } from '../handoff-limits.ts';
import { keepCounters } from './ending.ts';
import type { Draft } from './keeper-types.ts';
import { PAIRS, WINDOW_POLL_MS } from './limits.ts';
import * as moves from './moves.ts';
import type { Returning } from './record.ts';
import {
  isBurst,
  judgeWindow,
  windowNeeds,
  type PairBatch,
  type WindowNeeds,
  type WindowSeen,
  type WindowVerdict,
} from './window.ts';

/** One window of a return: who is asked what and when, while a share is tried. The verdict is window.ts's. */

/** So many batches of pairs are spread over a window. */
const BATCHES = 3;
/** Requests that are missing when a window is over are sent within this. */
const LATE_TOP_UP_MS = 5_000;

export function startWindow(draft: Draft): void {
  moves.setPhase(draft, 'window');
  moves.patchReturning(draft, { windowMs: draft.now.ms, from: null, batches: [], toppedUp: 0 });
  moves.patchLive(draft, { polledMs: draft.now.ms, toppingUp: false });
  moves.startAct(draft, { do: 'counters', once: true });
}

function howOf({ now }: Draft): HandoffLimits['return'] {
  return limitsOf(now).return;
}

function needsOf(draft: Draft, returning: Returning): WindowNeeds {
  return windowNeeds(draft.state.seen?.edge ?? 0, returning.short, draft.now.timeScale, howOf(draft));
}

function seenOf(draft: Draft, returning: Returning): WindowSeen {
  return {
    elapsedMs: draft.now.ms - returning.windowMs,
    share: draft.state.seen?.edge ?? 0,
    from: returning.from,
    to: returning.from === null ? null : draft.state.counters.last,
    toppedUp: returning.toppedUp,
    batches: returning.batches,
  };
}

/** Null: they could not be read, so nothing new is known. */
export function onWindowCounters(
  draft: Draft,
  before: Counters | null,
  counters: Counters | null,
): WindowVerdict | 'burst' | null {
  const { returning } = draft.state;
  if (returning === null || counters === null) return null;
  // A front that began anew counts from 0: the window has no beginning any more.
  const isAnew = before !== null && counters.edge.requests < before.edge.requests;
  keepCounters(draft, counters);
  if (returning.from === null || isAnew) {
    moves.patchReturning(draft, { from: counters });
    return null;
  }
  return isBurst(before, counters, null) ? 'burst' : judge(draft);
}

export function onWindowPairs(draft: Draft, batch: PairBatch): WindowVerdict | 'burst' | null {
  const { returning, probes } = draft.state;
  if (returning === null) return null;
  moves.patch(draft, { probes: probes + 2 * batch.sent });
  moves.patchReturning(draft, { batches: [...returning.batches, batch].slice(-40) });
  return isBurst(null, null, batch) ? 'burst' : judge(draft);
}

function judge(draft: Draft): WindowVerdict | null {
  const { returning } = draft.state;
  return returning === null
    ? null
    : judgeWindow(needsOf(draft, returning), seenOf(draft, returning), howOf(draft));
}

/** Asks for the next figures, one thing at a time; tops up when the requests do not come by themselves. */
export function tickWindow(draft: Draft): void {
  const { state, now } = draft;
  const { returning, live } = state;
  if (returning === null) return;
  const needs = needsOf(draft, returning);
  topUp(draft, returning, needs);
  if (!moves.isIdle(state)) return;
  const elapsedMs = now.ms - returning.windowMs;
  const isDue =
    returning.batches.length < BATCHES && elapsedMs >= (needs.dwellMs * returning.batches.length) / BATCHES;
  if (returning.from !== null && isDue) return moves.startAct(draft, { do: 'pairs', count: PAIRS });
  if (now.ms - live.polledMs < Math.min(WINDOW_POLL_MS, needs.dwellMs / 4)) return;
  moves.patchLive(draft, { polledMs: now.ms });
  moves.startAct(draft, { do: 'counters', once: true });
}

/** From half-time on: what will be missing at the end is sent by us, and said in the report. */
function topUp(draft: Draft, returning: Returning, needs: WindowNeeds): void {
  const seen = seenOf(draft, returning);
  if (draft.state.live.toppingUp || seen.from === null || draft.state.live.link.state !== 'up') return;
  if (seen.elapsedMs < needs.dwellMs / 2) return;
  const verdict = judgeWindow(needs, seen, howOf(draft));
  if (verdict.verdict !== 'wait') return;
  const isOver = seen.elapsedMs >= needs.dwellMs;
  const expected = isOver ? verdict.requests : (verdict.requests * needs.dwellMs) / seen.elapsedMs;
  const count = Math.ceil(needs.requests - expected);
  if (count <= 0) return;
  const overMs = isOver ? Math.min(LATE_TOP_UP_MS, needs.dwellMs / 4) : needs.dwellMs - seen.elapsedMs;
  moves.patchLive(draft, { toppingUp: true });
  draft.effects.push({ type: 'topUp', count, overMs, window: returning.windowMs });
}

/** They were sent. A front whose counters show them has them twice here, but never less than were needed. */
export function onToppedUp(draft: Draft, window: number, count: number): void {
  const { returning, probes } = draft.state;
  if (returning === null || returning.windowMs !== window || draft.state.phase !== 'window') return;
  moves.patchLive(draft, { toppingUp: false });
  moves.patch(draft, { probes: probes + count });
  moves.patchReturning(draft, { toppedUp: returning.toppedUp + count });
}
