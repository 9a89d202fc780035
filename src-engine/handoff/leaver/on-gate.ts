import type { OpenRequest } from '../../../src-shared/handoff-messages.ts';
import type { Result } from '../../../src-shared/errors/result.ts';
import type { GateState } from '../ports.ts';
import { finishDrain, gone, judgeDrain } from './departure.ts';
import { enter, goOut, greet, note, setGate } from './draft.ts';
import { seenBy } from './drain-watch.ts';
import type { Draft, LeaverEvent, Phase } from './leaver-types.ts';
import { GATE_AGAIN_MOST_MS, GATE_AGAIN_MS, LOOK_MS, START_AGAIN_MS, STOP_AGAIN_MS } from './limits.ts';
import { paused } from './on-link.ts';

/** What the gate and the cluster show, and what became of the orders that were given to them. */

/** @param gate null: it cannot be asked; nothing is concluded from that but that it is not quiet */
export function onGate(draft: Draft, turn: number, gate: GateState | null): void {
  const isOld = turn !== draft.state.gateTurn;
  const lookMs = isOld ? draft.now.ms : draft.state.lookMs;
  draft.state = { ...draft.state, looking: false, lookMs };
  if (isOld) return;
  draft.state = { ...draft.state, gate };
  tellGateAgain(draft);
  const { phase } = draft.state;
  if (phase.name === 'draining') {
    enter(draft, { ...phase, watch: seenBy(phase.watch, gate, draft.now.ms) });
    judgeDrain(draft);
  }
  if (gate !== null) correct(draft, gate);
}

/**
 * Right after pairing it could not be looked up in time: a core that does not know where it is admits nobody, ever. One
 * that cannot be had at all (an address in error) is looked up ever more seldom, and nothing that the core has refused
 * is asked for again by that.
 */
function tellGateAgain(draft: Draft): void {
  const { session, gateTold, gateAgain, phase } = draft.state;
  if (session !== 'open' || gateTold || phase.name !== 'out') return;
  const { ms } = draft.now;
  if (gateAgain !== null && ms < gateAgain.ms) return;
  greet(draft);
  const afterMs = gateAgain === null ? GATE_AGAIN_MS : Math.min(GATE_AGAIN_MOST_MS, gateAgain.afterMs * 2);
  draft.state = { ...draft.state, phase, gateAgain: { ms: ms + afterMs, afterMs } };
}

/** Level-triggered: a gate that is not as the phase wants it (a crash between, a gate that was started anew) is told again. */
function correct(draft: Draft, gate: GateState): void {
  if (gate.notReady === 'paused' && !draft.state.gatePaused) {
    paused(draft);
    if (draft.state.session === 'open') greet(draft);
    return;
  }
  const wanted = wantedOf(draft.state.phase);
  const isOurs = gate.notReady === 'leaving' || gate.notReady === 'stayOut';
  if (!(wanted === null ? isOurs : gate.ready)) return;
  setGate(draft, wanted);
  // Whether it was taken is seen soon.
  draft.state = { ...draft.state, lookMs: draft.now.ms + LOOK_MS };
}

function wantedOf(phase: Phase): 'leaving' | 'stayOut' | null {
  switch (phase.name) {
    case 'serving':
      return null;
    case 'asking':
    case 'prepared':
      return phase.departure.fromOut ? 'stayOut' : null;
    case 'draining':
    case 'drained':
    case 'stopping':
    case 'leftNow':
      return 'leaving';
    case 'out':
    case 'gone':
    case 'starting':
      return 'stayOut';
  }
}

export function onCut(draft: Draft, cut: readonly OpenRequest[]): void {
  const { phase } = draft.state;
  if (phase.name === 'draining' && phase.cutting) finishDrain(draft, phase, cut);
}

export function onStopped(draft: Draft, result: Extract<LeaverEvent, { type: 'stopped' }>['result']): void {
  const { phase } = draft.state;
  if (phase.name !== 'stopping') return;
  const elapsedMs = Math.max(0, draft.now.ms - draft.state.phaseMs);
  // One that would not stop is not in anybody's way: its traffic is gone. It is said, and the departure ends.
  const { stoppedMs, forced } = result.ok ? result.value : { stoppedMs: elapsedMs, forced: true };
  const problem = result.ok ? draft.state.problem : result.error;
  const isUp = !result.ok || draft.now.cluster.running !== null;
  const stopAgainMs = isUp ? draft.now.ms + STOP_AGAIN_MS : null;
  draft.state = { ...draft.state, clusterStopped: true, stopAgainMs, problem };
  if (!result.ok) note(draft, 'stopFailed', 'the cluster did not stop', { error: result.error });
  gone(draft, { ...phase.departure, stoppedMs: Math.round(stoppedMs), stopForced: forced });
}

export function onStarted(draft: Draft, result: Result<void>): void {
  if (draft.state.phase.name !== 'starting') return;
  if (result.ok) {
    draft.state = { ...draft.state, clusterStopped: false };
    return goOut(draft);
  }
  note(draft, 'startFailed', 'the cluster did not start', { error: result.error });
  draft.state = { ...draft.state, problem: result.error };
  const startAgainMs = draft.now.ms + START_AGAIN_MS / draft.now.timeScale;
  enter(draft, { name: 'gone', departure: null, startAgainMs });
}
