import { randomBytes } from 'node:crypto';
import type { BeatEvents, Detection } from '../../src-engine/link/beat/beat-ports.ts';
import type { ByeBody } from '../../src-engine/link/beat/datagram.ts';
import type { BeatFacts, OwnPause, Session } from '../../src-engine/link/ports.ts';

/** Both ends of one TLS session, the dialler's first, as far as the heartbeat knows it. */
export function sessionEnds(id: bigint): [Session, Session] {
  const exported = randomBytes(64);
  const end = (incoming: boolean) => ({ id, incoming, exportKey: () => exported }) as unknown as Session;
  return [end(false), end(true)];
}

export interface ToldByBeat {
  readonly phases: Detection[];
  readonly byes: ByeBody[];
  readonly leaves: Buffer[];
  readonly facts: BeatFacts[];
  readonly pauses: OwnPause[];
  readonly errors: string[];
}

/** Writes down what a heartbeat tells. */
export function beatListener(): { readonly told: ToldByBeat; readonly events: BeatEvents } {
  const told: ToldByBeat = { phases: [], byes: [], leaves: [], facts: [], pauses: [], errors: [] };
  return {
    told,
    events: {
      onPhase: (detection) => void told.phases.push(detection),
      onBye: (bye) => void told.byes.push(bye),
      onLeaveNow: (payload) => void told.leaves.push(payload),
      onFacts: (facts) => void told.facts.push(facts),
      onOwnPause: (pause) => void told.pauses.push(pause),
      onUnbound: () => undefined,
      onSendError: (code) => void told.errors.push(code),
    },
  };
}
