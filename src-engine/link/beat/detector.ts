import { assertNever } from '../../../src-shared/assert-never.ts';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import { copyOf, type DetectorState } from './detector-state.ts';
import type { DetectorInput, DetectorLimits, DownCause } from './detector-types.ts';
import { hintDeadlineMs, hintTaken } from './hint.ts';

export { startDetector, type DetectorState } from './detector-state.ts';
export type { DetectorInput, DetectorLimits, DownCause } from './detector-types.ts';

/**
 * When the other Mac counts as up, suspect, down or left: a pure rule of what was heard, of the echo of what was
 * said, and of this process's own pauses. Times are milliseconds of one monotonic clock.
 * Numbers: design/limits.md, Link; research/link.md sections 1 and 5.
 */

/** Between two ticks while nothing is wrong; own pauses show as a longer gap. */
export const TICK_MS = 250;
/** A gap of own ticks above this is this process's pause, not the peer's silence (research/link.md, row 12). */
export const OWN_PAUSE_MS = 600;
/** A pause above this resets: nothing old is believed. */
const RESET_MS = 5000;
/** No decision this long after a reset. */
const GRACE_MS = 3000;
/** Silence that must stand behind "its program is gone" (limits.md: 0.6 s after the crash, with a beat of 250 ms). */
const CRASHED_SILENCE_MS = 500;
/** Up again: this many of the last beats, and this long without a doubt. */
const RECOVERY_BEATS = 10;
const RECOVERY_WINDOW_BEATS = 12;
const RECOVERY_CLEAN_MS = 3000;

/** One step of the rule. */
export function detect(state: DetectorState, input: DetectorInput, limits: DetectorLimits): DetectorState {
  switch (input.kind) {
    case 'arrival':
      return arrived(state, input, limits);
    case 'tick':
      return judged(ticked(state, input.atMs), input.atMs, limits);
    case 'hint':
      // Judged by the next tick: after a pause of this process, what waits in the socket is heard first.
      return state.phase === 'up' && !state.hintPending ? { ...state, hintPending: true } : state;
    case 'crashed':
      return state.phase === 'up' || state.phase === 'suspect'
        ? judged({ ...entered(state, 'suspect', input.atMs), crashed: true }, input.atMs, limits)
        : state;
    case 'bye':
      return { ...entered(state, 'left', input.atMs), byeReason: input.reason };
    case 'resumed':
      return reset(state, input.atMs);
    case 'session':
      return { ...state, sessionUp: input.up, ...(input.up ? echoFrom(state, input.atMs) : {}) };
    case 'pace':
      return { ...state, ownIntervalMs: input.ownIntervalMs };
    default:
      return assertNever(input);
  }
}

/** Nothing heard for this long, own pauses left out; null before the first arrival. */
export function silenceMs(state: DetectorState, atMs: number): number | null {
  return state.heardAtMs === null ? null : Math.max(0, atMs - state.heardAtMs);
}

/** No progress of the own echo for this long: what the other side does not hear. */
export function echoStallMs(state: DetectorState, atMs: number): number | null {
  return state.echoAtMs === null ? null : Math.max(0, atMs - state.echoAtMs);
}

/** When a tick changes the phase if nothing is heard until then; null: no tick does. */
export function deadlineMs(state: DetectorState, limits: DetectorLimits): number | null {
  const quiet = quietSinceMs(state);
  if (quiet === null) return null;
  if (state.phase === 'up') return Math.min(quiet + suspectAfterMs(state, limits), hintDeadlineMs(state));
  if (state.phase !== 'suspect') return null;
  const decision = Math.min(silenceDeadlineMs(state, limits), oneWayDeadlineMs(state, limits));
  const sooner = state.crashed ? Math.min(decision, (state.heardAtMs ?? 0) + CRASHED_SILENCE_MS) : decision;
  return Math.max(sooner, state.noDecisionBeforeMs);
}

/**
 * The echo decides only while the peer is heard: what it said last may carry an echo that is a beat old, and where
 * nothing arrives any more that beat would be taken off an outage.
 */
function silenceDeadlineMs(state: DetectorState, limits: DetectorLimits): number {
  const { heardAtMs, echoAtMs } = state;
  if (heardAtMs === null || echoAtMs === null) return Infinity;
  const byEcho = echoAtMs + limits.decideMs;
  return byEcho < heardAtMs + suspectAfterMs(state, limits) ? byEcho : heardAtMs + limits.decideMs;
}

/**
 * While the peer is heard without a break, its word when it heard this side last counts itself, not only when that
 * word came: a beat later, which would be past the cap. After a silence both ways the word is old and does not.
 */
function oneWayDeadlineMs(state: DetectorState, limits: DetectorLimits): number {
  const { heardAtMs, peerHeardAtMs, brokenAtMs } = state;
  if (heardAtMs === null || peerHeardAtMs === null || (brokenAtMs ?? -Infinity) >= peerHeardAtMs)
    return Infinity;
  const deadline = peerHeardAtMs + limits.decideMs;
  return deadline < heardAtMs + suspectAfterMs(state, limits) ? deadline : Infinity;
}

/** Silence and stalled echo count alike: a loss of one direction is found from both sides. */
function quietSinceMs({ heardAtMs, echoAtMs }: DetectorState): number | null {
  return heardAtMs === null || echoAtMs === null ? null : Math.min(heardAtMs, echoAtMs);
}

function suspectAfterMs(state: DetectorState, limits: DetectorLimits): number {
  const slow = Math.max(state.ownIntervalMs, state.peerIntervalMs) > limits.beatMs;
  return slow ? limits.suspectOnBatteryMs : limits.suspectMs;
}

function entered(state: DetectorState, phase: LinkState, atMs: number): DetectorState {
  if (phase === state.phase) return state;
  return {
    ...state,
    phase,
    sinceMs: atMs,
    cause: null,
    byeReason: null,
    crashed: false,
    hintPending: false,
    cleanSinceMs: null,
    beatsAtMs: [],
  };
}

type Arrival = Extract<DetectorInput, { kind: 'arrival' }>;

function arrived(state: DetectorState, input: Arrival, limits: DetectorLimits): DetectorState {
  const { atMs } = input;
  const heard = copyOf(state);
  heard.heardAtMs = atMs;
  if (input.echoSeqAdvanced) {
    heard.echoAtMs = atMs;
    heard.peerHeardAtMs = Math.max(state.peerHeardAtMs ?? -Infinity, atMs - Math.max(0, input.echoAgeMs));
  }
  if ((silenceMs(state, atMs) ?? 0) >= suspectAfterMs(state, limits)) heard.brokenAtMs = atMs;
  heard.peerIntervalMs = input.peerIntervalMs ?? state.peerIntervalMs;
  heard.crashed = false;
  heard.hintPending = false;
  switch (state.phase) {
    case 'up':
      return heard;
    case 'never':
      // Both ways are proven by the echo: it hears this side too.
      return state.sessionUp && input.echoSeqAdvanced ? entered(heard, 'up', atMs) : heard;
    case 'suspect':
      return isQuiet(heard, atMs, limits) ? heard : entered(heard, 'up', atMs);
    case 'down':
    case 'left':
      return recovering(heard, input, limits);
    default:
      return assertNever(state.phase);
  }
}

function isQuiet(state: DetectorState, atMs: number, limits: DetectorLimits): boolean {
  const quiet = quietSinceMs(state);
  return quiet === null || atMs - quiet >= suspectAfterMs(state, limits);
}

function recovering(state: DetectorState, input: Arrival, limits: DetectorLimits): DetectorState {
  const { atMs } = input;
  if (isQuiet(state, atMs, limits)) return soiled(state);
  const cleanSinceMs = state.cleanSinceMs ?? (input.echoSeqAdvanced ? atMs : null);
  // Half a beat more: the first and the last of twelve may come late.
  const windowMs = (RECOVERY_WINDOW_BEATS + 0.5) * state.peerIntervalMs;
  const recent = state.beatsAtMs.filter((beatMs) => beatMs > atMs - windowMs);
  const beatsAtMs = input.beat ? [...recent, atMs] : recent;
  const clean = cleanSinceMs !== null && atMs - cleanSinceMs >= RECOVERY_CLEAN_MS;
  return clean && state.sessionUp && beatsAtMs.length >= RECOVERY_BEATS
    ? entered(state, 'up', atMs)
    : { ...state, cleanSinceMs, beatsAtMs };
}

function soiled(state: DetectorState): DetectorState {
  return state.cleanSinceMs === null && state.beatsAtMs.length === 0
    ? state
    : { ...state, cleanSinceMs: null, beatsAtMs: [] };
}

/** Leaves this process's own pause out of every silence. */
function ticked(state: DetectorState, atMs: number): DetectorState {
  const gapMs = state.tickedAtMs === null ? 0 : atMs - state.tickedAtMs;
  if (gapMs > RESET_MS) return { ...reset(state, atMs), tickedAtMs: atMs };
  const now = copyOf(state);
  now.tickedAtMs = atMs;
  if (gapMs <= OWN_PAUSE_MS) return now;
  const lostMs = gapMs - TICK_MS;
  const moved = (thenMs: number | null) => (thenMs === null ? null : Math.min(atMs, thenMs + lostMs));
  now.heardAtMs = moved(state.heardAtMs);
  now.echoAtMs = moved(state.echoAtMs);
  now.peerHeardAtMs = moved(state.peerHeardAtMs);
  now.cleanSinceMs = moved(state.cleanSinceMs);
  return now;
}

/** Silence counts from now, the link is looked at, and nothing is decided during the grace. */
function reset(state: DetectorState, atMs: number): DetectorState {
  const doubted = state.phase === 'up' ? entered(state, 'suspect', atMs) : soiled(state);
  return {
    ...doubted,
    heardAtMs: state.heardAtMs === null ? null : atMs,
    ...echoFrom(state, atMs),
    noDecisionBeforeMs: atMs + GRACE_MS,
    crashed: false,
  };
}

/** The echo counts from now: of a new session, whose handshake just proved both ways, or after a reset. */
function echoFrom(state: DetectorState, atMs: number): Pick<DetectorState, 'echoAtMs' | 'peerHeardAtMs'> {
  return state.echoAtMs === null
    ? { echoAtMs: null, peerHeardAtMs: null }
    : { echoAtMs: atMs, peerHeardAtMs: atMs };
}

/** At most one step forward: nobody is down who was not probed first. */
function judged(state: DetectorState, atMs: number, limits: DetectorLimits): DetectorState {
  if (state.phase === 'down' || state.phase === 'left')
    return isQuiet(state, atMs, limits) ? soiled(state) : state;
  const deadline = deadlineMs(state, limits);
  if (deadline === null || atMs < deadline) return state;
  if (state.phase === 'up') return entered(hintTaken(state, atMs), 'suspect', atMs);
  const cause = causeOf(state, atMs, limits);
  return { ...entered(state, 'down', atMs), cause };
}

function causeOf(state: DetectorState, atMs: number, limits: DetectorLimits): DownCause {
  if (state.crashed) return 'crashed';
  return (silenceMs(state, atMs) ?? 0) >= suspectAfterMs(state, limits) ? 'silence' : 'echo';
}
