import { drainEndMs } from './drain-watch.ts';
import type { LeaverState, Phase } from './leaver-types.ts';
import {
  ASK_AGAIN_MS,
  ASK_IDLE_MS,
  SAY_AGAIN_MS,
  SUSPEND_MS,
  lastDrainMs,
  lastStopMs,
  waitForCoreMs,
} from './limits.ts';

/**
 * When the reducer has to look at the time again, monotonic. What lies before `nowMs` has been looked at: every
 * event settles what is due.
 */
export function nextDueMs(state: LeaverState, nowMs: number): number | null {
  const all = [
    state.looking ? null : state.lookMs,
    state.greetAgainMs,
    state.stopAgainMs,
    state.awakeAtMs,
    ...state.reasons.map(({ graceUntilMs }) => graceUntilMs),
    ...ofPhase(state, nowMs),
  ];
  const ahead = all.filter((ms) => ms !== null && ms > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead.map(Number));
}

type Out = Extract<Phase, { name: 'out' }>;

/** When the core may be asked (again); null: at once. A person is not made to wait for the next look at the workload. */
export function askDueMs({ gate, person }: LeaverState, { askedMs, notBeforeMs }: Out): number | null {
  if (askedMs === null) return notBeforeMs;
  return askedMs + (gate?.upstreamUp === false && !person ? ASK_IDLE_MS : ASK_AGAIN_MS);
}

function ofPhase(state: LeaverState, nowMs: number): readonly (number | null)[] {
  const { phase } = state;
  switch (phase.name) {
    case 'out':
      return [askDueMs(state, phase)];
    case 'serving':
      return [phase.countdown?.ms ?? null, phase.notBefore?.ms ?? null];
    case 'asking':
    case 'prepared':
    case 'drained':
      return ofWaiting(phase, nowMs);
    case 'draining':
      return [drainEndMs(phase.watch)];
    case 'gone':
      return [phase.startAgainMs];
    case 'leftNow':
      return [phase.sinceMs + SUSPEND_MS];
    case 'stopping':
    case 'starting':
      return [];
  }
}

type Waiting = Extract<Phase, { name: 'asking' | 'prepared' | 'drained' }>;

function ofWaiting(phase: Waiting, nowMs: number): readonly (number | null)[] {
  const { heardMs, deadlineMs, totalMs } = phase.departure;
  const remainingMs = deadlineMs === null ? null : Math.max(0, deadlineMs - nowMs);
  return [
    phase.name === 'prepared' ? null : phase.saidMs + SAY_AGAIN_MS,
    heardMs + waitForCoreMs(remainingMs),
    (phase.name === 'drained' ? lastStopMs : lastDrainMs)(deadlineMs, totalMs),
  ];
}
