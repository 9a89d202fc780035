import { pause } from '../platform/clock.ts';
import type { GateAdapter, GateState, TrafficPorts } from './room-ports.ts';

/** As in a drain (limits.md, DRAINING): nothing new for 5 s and nothing in flight, at most 45 s. Milliseconds. */
const QUIET_MS = 5000;
const MOST_MS = 45_000;
const LOOK_MS = 250;

/**
 * Before a gate is ended because its Mac is no edge any more: who is still paired may have requests there, and takes
 * its new ones elsewhere once the gate is not ready. A stranger's, of a pairing that ended, are not waited for.
 *
 * @param isWanted asked again and again: somebody wants the gate after all
 * @returns false when it is wanted; true when it may be ended, whatever it holds by then
 */
export async function emptied(
  gate: GateAdapter,
  ports: Pick<TrafficPorts, 'clock' | 'scheduler' | 'pair' | 'note'>,
  isWanted: () => boolean,
): Promise<boolean> {
  const { clock, scheduler } = ports;
  const beganMs = clock.monotonicMs();
  let quietMs = beganMs;
  let requests: number | null = null;
  while (!isWanted()) {
    const state = await gate.state();
    if (!state.ok || !holds(state.value) || !(await isPaired(ports))) return true;
    // Said once; a gate that does not take it is ended when the time is over.
    if (requests === null) await gate.setReady(false, 'leaving');
    const nowMs = clock.monotonicMs();
    if (state.value.inFlight > 0 || state.value.requests !== requests) quietMs = nowMs;
    requests = state.value.requests;
    if (nowMs - quietMs >= QUIET_MS) return true;
    if (nowMs - beganMs >= MOST_MS) {
      const { inFlight, open } = state.value;
      ports.note('traffic.gate', `the gate is ended with ${inFlight} requests open`, { inFlight, open });
      return true;
    }
    await pause(scheduler, LOOK_MS);
  }
  return false;
}

/** It serves, or has not ended what it served; one that stays out gives nothing to its workload. */
function holds({ ready, notReady, inFlight }: GateState): boolean {
  return ready || inFlight > 0 || notReady === 'leaving' || notReady === 'upstreamDown';
}

async function isPaired({ pair }: Pick<TrafficPorts, 'pair'>): Promise<boolean> {
  const facts = await pair();
  return facts.ok && facts.value.peerPin !== null;
}
