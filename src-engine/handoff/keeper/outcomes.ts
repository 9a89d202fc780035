import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import type { Counters, ProbeOutcome } from '../ports.ts';
import * as departing from './departing.ts';
import { onDrainCounters } from './draining.ts';
import { keepCounters, onDead, onLastCounters } from './ending.ts';
import { onHeldRead, onWeightsRead } from './foreign-weights.ts';
import { holdConflict, isHeldOut } from './hold.ts';
import type { Did, Draft, Running } from './keeper-types.ts';
import { RETRY_MS } from './limits.ts';
import { onGoneWritten } from './loss.ts';
import * as moves from './moves.ts';
import { resume } from './resume.ts';
import { onWindowCounters, onWindowPairs } from './return-window.ts';
import * as returning from './returning.ts';
import { pairBatch } from './window.ts';

/** What became of an act. One that the front could not be asked for is unknown: it is tried again, nothing is decided. */

/** A late answer, of an act that something else has replaced, is not heard. */
export function onDid(draft: Draft, id: number, did: Did): void {
  const { running } = draft.state.live;
  if (running === null || running.id !== id || running.retryMs !== null) return;
  if (!did.result.ok && isUnknown(did.do, did.result.error) && !isOnce(draft, running)) {
    moves.patchLive(draft, { running: { ...running, retryMs: draft.now.ms + RETRY_MS } });
    return;
  }
  moves.patchLive(draft, { running: null });
  settleAct(draft, did);
}

/** Only what the front itself found is a ground to decide. */
function isUnknown(what: Did['do'], { code }: TandemError): boolean {
  return !(what === 'write' && code === 'weightConflict') && !(what === 'verify' && code === 'weightNotLive');
}

function isOnce(draft: Draft, { act }: Running): boolean {
  return (act.do === 'counters' && act.once) || (act.do === 'write' && draft.state.phase === 'gone');
}

function settleAct(draft: Draft, did: Did): void {
  switch (did.do) {
    case 'read':
      return did.result.ok ? onRead(draft, did.result.value) : undefined;
    case 'counters':
      return onCounters(draft, did.result.ok ? did.result.value : null);
    case 'check':
      return did.result.ok ? onCheck(draft, did.result.value) : undefined;
    case 'checkEdge':
      return did.result.ok ? returning.onAskProbes(draft, did.result.value) : undefined;
    case 'pairs':
      return did.result.ok ? onPairs(draft, did.result.value) : undefined;
    case 'write':
      return did.result.ok ? onWritten(draft, did.result.value) : onNotWritten(draft, did.result.error);
    case 'verify':
      if (draft.state.state !== 'VERIFYING') return undefined;
      if (did.result.ok) return departing.onVerified(draft, did.result.value);
      return departing.onNotLive(draft, { ...did.result.error.params });
    case 'dead':
      return did.result.ok ? onDead(draft, did.result.value) : undefined;
    case 'revive':
      return draft.state.phase === 'reviving' ? returning.onRevived(draft) : undefined;
  }
}

function onRead(draft: Draft, live: Shares): void {
  if (draft.state.live.resuming !== null) return resume(draft, live);
  const { state, out } = draft.state;
  if (state === 'HOLD' && !isHeldOut(draft.state)) return onHeldRead(draft, live);
  if (state === 'SERVING' || state === 'WARNED' || state === 'RETURNING') return onWeightsRead(draft, live);
  if (live.edge === 0 || !out) return;
  moves.note(draft, 'reasserted', 'somebody gave the edge a share while it is off: weight 0 again', { live });
  moves.witness(draft, 'weight 0 was written again', { core: live.core, edge: live.edge });
  moves.patch(draft, { out: false });
  moves.write(draft, 0, { force: true });
}

function onCounters(draft: Draft, counters: Counters | null): void {
  const { state, phase } = draft.state;
  if (state === 'RETURNING' && phase === 'window') {
    const before = draft.state.counters.last;
    return returning.onVerdict(draft, onWindowCounters(draft, before, counters));
  }
  if (counters !== null) keepCounters(draft, counters);
  switch (state) {
    case 'PREPARING':
      return departing.onPreparingCounters(draft);
    case 'SHIFTING':
      return departing.onLookCounters(draft, counters);
    case 'DRAINING':
      return counters === null ? undefined : onDrainCounters(draft, counters);
    case 'RETURNING':
      return phase === 'backing' && counters?.edge.inFlight === 0 ? returning.away(draft) : undefined;
    case 'VERIFYING':
    case 'RELEASED':
      return undefined;
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
    case 'OFFLINE':
    case 'LOST':
    case 'HOLD':
      return onLastCounters(draft, counters);
  }
}

function onCheck(draft: Draft, probes: ProbeOutcome): void {
  if (draft.state.state === 'PREPARING') return departing.onChecked(draft, probes);
  if (draft.state.state !== 'WARNED') return;
  const { sent, ok, p95Ms } = probes;
  moves.note(draft, 'warmed', `the core was probed: ${ok} of ${sent} are good`, { sent, ok, p95Ms });
}

function onPairs(draft: Draft, pairs: { core: ProbeOutcome; edge: ProbeOutcome }): void {
  if (draft.state.state === 'RETURNING' && draft.state.phase === 'window')
    returning.onVerdict(draft, onWindowPairs(draft, pairBatch(pairs.core, pairs.edge)));
}

function onWritten(draft: Draft, live: Shares): void {
  moves.sawShares(draft, live);
  switch (draft.state.state) {
    case 'SHIFTING':
      return draft.state.phase === 'gone'
        ? onGoneWritten(draft, true)
        : departing.onShiftWritten(draft, live);
    case 'VERIFYING':
      return departing.onWrittenAgain(draft);
    case 'RETURNING':
      return returning.onReturnWritten(draft, live);
    default:
      return undefined;
  }
}

/** Somebody else's weights stand there, or it was the last word of an edge that goes at once. */
function onNotWritten(draft: Draft, error: TandemError): void {
  switch (draft.state.state) {
    case 'SHIFTING':
      return draft.state.phase === 'gone' ? onGoneWritten(draft, false) : departing.onConflict(draft, error);
    case 'VERIFYING':
      return departing.onConflict(draft, error);
    case 'RETURNING':
    case 'SERVING':
    case 'WARNED':
      // What was taken and then read otherwise is no writing of somebody else's: it would be so again at once.
      return holdConflict(draft, error.params, 'wanted' in error.params ? null : draft.state.seen);
    default:
      return undefined;
  }
}
