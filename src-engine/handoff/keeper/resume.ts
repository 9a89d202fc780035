import type { Shares } from '../../../src-shared/world/traffic.ts';
import type { LinkFact, SharesRead } from '../ports.ts';
import { onConflict, shift } from './departing.ts';
import { hold, holdConflict } from './hold.ts';
import type { Draft, KeeperState, Live } from './keeper-types.ts';
import { sameShares } from './limits.ts';
import { onGoneWritten } from './loss.ts';
import * as moves from './moves.ts';
import type { KeeperRecord, ReadRecord } from './record.ts';
import { startWindow } from './return-window.ts';
import { away, onReturnWritten } from './returning.ts';
import { settle } from './settle.ts';

/**
 * An engine began: what is to be done follows from the record and the live weight, as far as it keeps or lowers
 * (SEQUENCE.md, Crash of an engine). Until the front was read nothing is decided.
 */

export function firstState(
  read: ReadRecord,
  now: { readonly ms: number; readonly wallMs: number },
  link: LinkFact,
): KeeperState {
  const record = read.kind === 'found' ? read.record : emptyRecord(now);
  return { ...record, live: newLive(now.ms, read.kind, link) };
}

function newLive(nowMs: number, resuming: ReadRecord['kind'], link: LinkFact): Live {
  return {
    beganMs: nowMs,
    resuming,
    link,
    linkMs: nowMs,
    edgeAlive: null,
    edgeLeaving: false,
    running: null,
    nextAct: 1,
    wakeId: null,
    heardSeqs: [],
    heardEpoch: false,
    gateUsed: null,
    gateMs: nowMs,
    toldMs: nowMs,
    assertedMs: nowMs,
    polledMs: nowMs,
    admitMs: nowMs,
    ackLive: false,
    asked: null,
    toppingUp: false,
    warmed: false,
    waiting: [],
  };
}

export function emptyRecord(now: { readonly ms: number; readonly wallMs: number }): KeeperRecord {
  const at = new Date(now.wallMs).toISOString();
  return {
    version: 1,
    state: 'OFFLINE',
    phase: 'none',
    since: at,
    sinceMs: now.ms,
    phaseMs: now.ms,
    epoch: 0,
    handoffId: null,
    reasons: [],
    forced: false,
    unplanned: false,
    noPeer: false,
    startedAt: at,
    startedMs: now.ms,
    deadlineAtMs: null,
    deadlineWasMs: null,
    seen: null,
    lastShare: null,
    ours: [],
    before: null,
    proven: null,
    zeroLive: false,
    out: false,
    prepared: false,
    checked: false,
    drained: false,
    owesFullReturn: false,
    returning: null,
    counters: { begin: null, moved: null, last: null },
    steps: [],
    evidence: [],
    cut: [],
    cutCount: 0,
    resent: 0,
    probes: 0,
    hold: null,
    ending: null,
    coolDownAtMs: null,
    departures: [],
    failedReturns: 0,
    first: true,
    lastReport: null,
    gate: null,
    bootId: null,
  };
}

/** The front was read for the first time. */
export function resume(draft: Draft, live: Shares): void {
  const { resuming } = draft.state.live;
  const isOurs = draft.state.ours.some((shares) => sameShares(shares, live));
  const most = Math.max(0, ...draft.state.ours.map((shares) => shares.edge));
  moves.patchLive(draft, { resuming: null });
  if (draft.state.gate !== null) draft.effects.push({ type: 'useGate', gate: draft.state.gate });
  switch (resuming) {
    case 'none':
      moves.sawShares(draft, live);
      // A front that begins at 0 never gave the edge anything.
      if (live.edge === 0) return moves.patch(draft, { proven: true });
      moves.patch(draft, { first: false });
      return settle(draft);
    case 'other':
      // What stands there was dealt to another Mac: this pair begins as every pair does, without a share.
      moves.sawShares(draft, live);
      if (live.edge === 0) return moves.patch(draft, { proven: true });
      return moves.write(draft, 0, { force: true });
    case 'unreadable':
      moves.sawShares(draft, live);
      return hold(draft, moves.problem('recordUnreadable'));
    case 'found':
      return resumeFound(draft, live, { isOurs, isMore: !isOurs && live.edge > most });
    case null:
      return undefined;
  }
}

interface Compared {
  readonly isOurs: boolean;
  readonly isMore: boolean;
}

function resumeFound(draft: Draft, live: Shares, { isOurs, isMore }: Compared): void {
  const { state, phase, drained } = draft.state;
  moves.witness(draft, 'the engine began anew', { state, phase, core: live.core, edge: live.edge });
  moves.note(draft, 'resumed', `goes on in ${state}`, { phase, shares: live, drained });
  const { ours: intents, seen: before } = draft.state;
  moves.sawShares(draft, live);
  // Time without an engine is no time that the step had.
  moves.patch(draft, { sinceMs: draft.now.ms, phaseMs: draft.now.ms });
  switch (state) {
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
      return isOurs || live.edge === 0 ? settle(draft) : conflict(draft, live, before);
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
      return resumeDeparting(draft, live, isOurs);
    case 'DRAINING':
    case 'RELEASED':
      return live.edge > 0 ? shift(draft) : undefined;
    case 'OFFLINE':
    case 'LOST':
      return live.edge > 0 ? moves.write(draft, 0, { force: true }) : undefined;
    case 'RETURNING':
      return isMore ? conflict(draft, live, before) : resumeReturning(draft, live, intents);
    case 'HOLD':
      return undefined;
  }
}

function conflict(draft: Draft, live: SharesRead, before: Shares | null): void {
  holdConflict(draft, moves.conflictOf(live).params, before);
}

function resumeDeparting(draft: Draft, live: Shares, isOurs: boolean): void {
  const { state, phase } = draft.state;
  if (phase === 'gone') return onGoneWritten(draft, false);
  if (!isOurs && live.edge > 0) return onConflict(draft, moves.conflictOf(live));
  if (state === 'PREPARING') {
    moves.patch(draft, { checked: false, prepared: false });
    moves.setPhase(draft, 'none');
    return moves.startAct(draft, { do: 'counters', once: true });
  }
  moves.setPhase(draft, state === 'SHIFTING' ? 'zero' : 'again');
  moves.write(draft, 0);
}

/** The weight stays; what was being proven is proven anew. */
function resumeReturning(draft: Draft, live: Shares, intents: readonly Shares[]): void {
  const { phase, returning } = draft.state;
  if (phase === 'backing') return live.edge > 0 ? moves.write(draft, 0, { force: true }) : away(draft);
  if (phase === 'lowering' && live.edge > 0) return moves.write(draft, 0);
  if (live.edge === 0) {
    moves.setPhase(draft, 'reviving');
    return moves.startAct(draft, { do: 'revive' });
  }
  // The intent of the next share had reached the front before the engine ended.
  const isWritten = phase === 'raising' && live.edge === returning?.steps[0] && intents.length > 0;
  if (isWritten) return onReturnWritten(draft, live);
  startWindow(draft);
}
