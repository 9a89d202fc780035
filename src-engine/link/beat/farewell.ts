import { assertNever } from '../../../src-shared/assert-never.ts';
import type { ByeReason } from '../../../src-shared/world/peer.ts';

/** This Mac said good-bye and does not beat, so that nobody takes its last minute for a return. */
export interface Farewell {
  readonly reason: ByeReason;
  readonly saidAtMs: number;
  /** End of the last long gap of own ticks since: it may have slept. */
  readonly wokeAtMs: number | null;
}

/** A Mac may answer for seconds in a dark wake and sleep on (research/link.md 3.1): awake means this long. */
const AWAKE_MS = 15_000;
/** A sleep that does not come within this was called off. macOS takes at most 30 s. */
const CALLED_OFF_MS = 60_000;

/** True when it is plain that this Mac stayed, although nobody said so. */
export function isOver({ reason, saidAtMs, wokeAtMs }: Farewell, nowMs: number): boolean {
  switch (reason) {
    case 'sleep':
    case 'lowBattery':
    case 'shutdown':
      return wokeAtMs === null ? nowMs - saidAtMs >= CALLED_OFF_MS : nowMs - wokeAtMs >= AWAKE_MS;
    case 'userStop':
    case 'quit':
    case 'update':
    case 'otherNetwork':
      return false;
    default:
      return assertNever(reason);
  }
}
