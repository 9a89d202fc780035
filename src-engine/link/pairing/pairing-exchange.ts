import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import { agree, claimOf, ownSasSide, theirSasSide, type Agreement } from './pairing-agreement.ts';
import { parsePairFrame, type PairFrame } from './pairing-frames.ts';
import {
  COMPARE_MS,
  STEP_MS,
  type PairingContext,
  type PairingState,
  type Side,
  type Step,
} from './pairing-state.ts';
import { backToWindow, failed, given, storing, unchanged } from './pairing-steps.ts';
import { abort, abortFor, errorOf } from './pairing-words.ts';
import { commitHolds, digitsOf } from './sas.ts';

type At<Stage extends PairingState['stage']> = Extract<PairingState, { stage: Stage }>;
type Of<Type extends PairFrame['type']> = Extract<PairFrame, { type: Type }>;

/** What a frame of the other side does; anything may come, in any order. */
export function afterFrame(
  state: PairingState,
  received: unknown,
  context: PairingContext,
  nowMs: number,
): Step {
  const frame = parsePairFrame(received);
  switch (state.stage) {
    case 'commit':
      // Who does not begin as a Tandem does, or goes again, has not tried.
      return frame?.type === 'COMMIT' ? afterCommit(state, frame, context, nowMs) : backToWindow(state);
    case 'nonce':
      if (frame?.type === 'NONCE') return afterNonce(state, frame, context, nowMs);
      return ended(state, frame, frame === null ? 'peerNotTandem' : 'pairingBroken', null, context, nowMs);
    case 'reveal':
      if (frame?.type === 'REVEAL') return afterReveal(state, frame, context, nowMs);
      return ended(state, frame, 'pairingBroken', state.claim.name, context, nowMs);
    case 'compare':
      if (frame?.type === 'CONFIRM') return afterConfirm(state);
      return ended(state, frame, 'pairingBroken', state.known.name, context, nowMs);
    case 'idle':
    case 'listening':
    case 'dialling':
    case 'storing':
    case 'done':
    case 'failed':
      return unchanged(state);
  }
}

/** Said again it changes nothing: whoever says it a thousand times costs neither a timer nor a word on the screen. */
function afterConfirm(state: At<'compare'>): Step {
  if (state.mine) return storing(state);
  return state.theirs ? unchanged(state) : given({ ...state, theirs: true });
}

/** The other side ended it with a word, or with what makes no sense here (`otherwise`). */
function ended(
  state: PairingState,
  frame: PairFrame | null,
  otherwise: ErrorCode,
  name: string | null,
  context: PairingContext,
  nowMs: number,
): Step {
  if (frame?.type === 'ABORT') return failed(state, errorOf(frame, name, context.own), nowMs, null);
  const params = name === null ? {} : { name };
  if (frame?.type === 'DECLINE') return failed(state, { code: 'pairingDeclined', params }, nowMs, null);
  return failed(state, { code: otherwise, params }, nowMs, abort('pairingBroken'));
}

function afterCommit(state: At<'commit'>, frame: Of<'COMMIT'>, context: PairingContext, nowMs: number): Step {
  const { wire, window } = state;
  const { type: _, commit, ...claim } = frame;
  const agreed = agree('listener', context, wire, claim);
  if (!agreed.ok) return failed(state, agreed.error, nowMs, abortFor(agreed.error));
  return given(
    { stage: 'reveal', window, wire, claim, commit, untilMs: nowMs + STEP_MS },
    { type: 'send', frame: { type: 'NONCE', ...claimOf(context), nonce: wire.ownNonce } },
  );
}

function afterNonce(state: At<'nonce'>, frame: Of<'NONCE'>, context: PairingContext, nowMs: number): Step {
  const { wire } = state;
  const { type: _, nonce, ...claim } = frame;
  const agreed = agree('dialler', context, wire, claim);
  if (!agreed.ok) return failed(state, agreed.error, nowMs, abortFor(agreed.error));
  const digits = digitsOf(wire.exporter, ownSasSide(context, wire), theirSasSide(wire, claim, nonce));
  return given(comparing('dialler', null, agreed.value, digits, nowMs), {
    type: 'send',
    frame: { type: 'REVEAL', nonce: wire.ownNonce },
  });
}

function afterReveal(state: At<'reveal'>, frame: Of<'REVEAL'>, context: PairingContext, nowMs: number): Step {
  const { wire, window, claim, commit } = state;
  const dialler = theirSasSide(wire, claim, frame.nonce);
  if (!commitHolds(commit, dialler))
    return failed(
      state,
      { code: 'pairingForged', params: { name: claim.name } },
      nowMs,
      abort('pairingForged'),
    );
  const agreed = agree('listener', context, wire, claim);
  if (!agreed.ok) return failed(state, agreed.error, nowMs, abortFor(agreed.error));
  const digits = digitsOf(wire.exporter, dialler, ownSasSide(context, wire));
  return given(comparing('listener', window.listening, agreed.value, digits, nowMs));
}

function comparing(
  side: Side,
  listening: string | null,
  agreed: Agreement,
  digits: string,
  nowMs: number,
): PairingState {
  const known = { ...agreed, digits };
  return {
    stage: 'compare',
    side,
    listening,
    known,
    mine: false,
    theirs: false,
    untilMs: nowMs + COMPARE_MS,
  };
}
