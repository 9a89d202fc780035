import type { TandemError } from '../../../src-shared/errors/result.ts';
import { samePin } from '../identity/pin.ts';
import { afterFrame } from './pairing-exchange.ts';
import {
  COMPARE_GRACE_MS,
  DIAL_MS,
  isBusy,
  OUTCOME_MS,
  STEP_MS,
  WINDOW_MS,
  type PairingContext,
  type PairingEvent,
  type PairingState,
  type Step,
  type WireFacts,
} from './pairing-state.ts';
import { backToWindow, commitFrame, failed, given, storing, unchanged } from './pairing-steps.ts';
import { abort } from './pairing-words.ts';

export const noPairing: PairingState = { stage: 'idle' };

/**
 * One step of a pairing, for the listener and the dialler (research/link.md 5). What is due at `nowMs` comes
 * before the event, so that nothing that arrives too late counts, whenever the timer comes.
 *
 * The other Mac is stored only after both said yes: this side sent CONFIRM and received CONFIRM. A
 * connection that is cut after my CONFIRM left can leave the other side with a peer that has not stored it;
 * one that knows no peer then refuses the stored one's dials in the handshake, which says `pairingForgotten` after three
 * (session/unpaired.ts), and people pair again; one that is still paired with a third Mac says `peerKeyUnknown`
 * itself. No protocol of two can do better.
 */
export function step(state: PairingState, event: PairingEvent, context: PairingContext, nowMs: number): Step {
  const due = 'untilMs' in state && nowMs >= state.untilMs;
  if (!due) return afterEvent(state, event, context, nowMs);
  const late = afterTime(state, nowMs);
  const then = afterEvent(late.state, event, context, nowMs);
  return given(then.state, ...late.effects, ...then.effects);
}

function afterEvent(state: PairingState, event: PairingEvent, context: PairingContext, nowMs: number): Step {
  switch (event.type) {
    case 'open':
      return isBusy(state) || state.stage === 'listening' ? unchanged(state) : opened(event.listening, nowMs);
    case 'dial':
      if (isBusy(state)) return unchanged(state);
      return given({ stage: 'dialling', host: event.host, port: event.port, untilMs: nowMs + DIAL_MS });
    case 'wire':
      return event.incoming
        ? afterKnock(state, event.wire, context, nowMs)
        : afterDial(state, event.wire, context, nowMs);
    case 'dialFailed':
      return state.stage === 'dialling' ? failed(state, event.error, nowMs, null) : unchanged(state);
    case 'frame':
      return afterFrame(state, event.frame, context, nowMs);
    case 'closed':
      return afterClose(state, nowMs);
    case 'answer':
      return afterAnswer(state, event.same, nowMs);
    case 'cancel':
      return afterCancel(state, nowMs);
    case 'interrupt':
      return afterInterrupt(state, event.error, nowMs);
    case 'time':
      return unchanged(state);
    case 'stored':
      return afterStore(state, event.error, nowMs);
  }
}

function opened(listening: string, nowMs: number): Step {
  const untilMs = nowMs + WINDOW_MS;
  return given({ stage: 'listening', window: { listening, untilMs }, untilMs });
}

/** What happens when nothing happened for as long as a stage lasts. */
function afterTime(state: PairingState, nowMs: number): Step {
  switch (state.stage) {
    case 'listening':
      return failed(state, { code: 'pairingExpired', params: {} }, nowMs, null);
    case 'dialling':
      return failed(
        state,
        { code: 'peerUnreachable', params: { host: state.host, port: state.port } },
        nowMs,
        null,
      );
    case 'commit':
      return backToWindow(state);
    case 'nonce':
    case 'reveal':
      return failed(state, { code: 'pairingBroken', params: {} }, nowMs, abort('pairingExpired'));
    case 'compare':
      return failed(
        state,
        { code: 'pairingExpired', params: { name: state.known.name } },
        nowMs,
        abort('pairingExpired'),
      );
    case 'done':
    case 'failed':
      return given(noPairing);
    case 'idle':
    case 'storing':
      return unchanged(state);
  }
}

/** A second connection, or one that nobody waits for, is turned away and disturbs nothing. */
function afterKnock(state: PairingState, wire: WireFacts, context: PairingContext, nowMs: number): Step {
  if (samePin(wire.remotePin, context.own.pin)) return given(state, { type: 'refuse', code: 'ownAddress' });
  if (state.stage === 'listening')
    return given({ stage: 'commit', window: state.window, wire, untilMs: nowMs + STEP_MS });
  return given(state, { type: 'refuse', code: isBusy(state) ? 'pairingBusy' : 'pairingNotOpen' });
}

function afterDial(state: PairingState, wire: WireFacts, context: PairingContext, nowMs: number): Step {
  if (state.stage !== 'dialling') return given(state, { type: 'refuse', code: 'pairingDeclined' });
  const next: PairingState = { stage: 'nonce', wire, untilMs: nowMs + STEP_MS };
  if (samePin(wire.remotePin, context.own.pin))
    return failed(
      next,
      { code: 'ownAddress', params: { host: state.host, port: state.port } },
      nowMs,
      abort('ownAddress'),
    );
  return given(next, { type: 'send', frame: commitFrame(context, wire) });
}

function afterClose(state: PairingState, nowMs: number): Step {
  switch (state.stage) {
    case 'commit':
      return backToWindow(state);
    case 'nonce':
    case 'reveal':
    case 'compare':
      return failed(state, { code: 'pairingBroken', params: {} }, nowMs, null);
    default:
      return unchanged(state);
  }
}

function afterAnswer(state: PairingState, same: boolean, nowMs: number): Step {
  if (state.stage !== 'compare' || state.mine) return unchanged(state);
  if (!same) {
    const ended = failed(
      state,
      { code: 'pairingDifferent', params: { name: state.known.name } },
      nowMs,
      null,
    );
    return given(ended.state, { type: 'send', frame: { type: 'DECLINE' } }, ...ended.effects);
  }
  const confirm = { type: 'send', frame: { type: 'CONFIRM' } } as const;
  if (state.theirs) {
    const kept = storing(state);
    return given(kept.state, confirm, ...kept.effects);
  }
  return given({ ...state, mine: true, untilMs: state.untilMs + COMPARE_GRACE_MS }, confirm);
}

/** Nothing stays on the screen: the person has seen enough. Too late once both said yes. */
function afterCancel(state: PairingState, nowMs: number): Step {
  if (state.stage === 'storing') return unchanged(state);
  return given(
    noPairing,
    ...failed(state, { code: 'pairingDeclined', params: {} }, nowMs, abort('pairingDeclined')).effects,
  );
}

function afterInterrupt(state: PairingState, error: TandemError, nowMs: number): Step {
  if (state.stage !== 'listening' && (!isBusy(state) || state.stage === 'storing')) return unchanged(state);
  return failed(state, error, nowMs, abort('pairingBroken'));
}

function afterStore(state: PairingState, error: TandemError | null, nowMs: number): Step {
  if (state.stage !== 'storing') return unchanged(state);
  const { side, known } = state;
  const untilMs = nowMs + OUTCOME_MS;
  return error === null
    ? given({ stage: 'done', side, known, untilMs }, { type: 'clearFailures' })
    : given({ stage: 'failed', side, known, error, untilMs });
}
