import { isDeepStrictEqual } from 'node:util';
import type { TandemError } from '../src-shared/errors/result.ts';
import type { Handoff, HandoffState, HandoffStep } from '../src-shared/world/handoff.ts';

/** What a verb that waits looks at. */
export interface Look {
  /** As it was before the verb was sent; null when nothing was known. */
  readonly before: Handoff | null;
  readonly now: Handoff | null;
  /** States that were seen since the verb was accepted. */
  readonly seen: ReadonlySet<HandoffState>;
  readonly sinceAcceptedMs: number;
  /** How long it has been in the state of now, as far as was seen. */
  readonly inStateMs: number;
}

export type End = 'goesOn' | 'done' | TandemError;

/** An old HOLD is what the verb itself clears; what stands longer was not cleared. */
const OLD_HOLD_MS = 15_000;
/** What still runs when the edge is away is told with its measure, if it ends soon. */
const LAST_STEP_MS = 3000;
const departing: readonly HandoffState[] = [
  'WARNED',
  'PREPARING',
  'SHIFTING',
  'VERIFYING',
  'DRAINING',
  'RELEASED',
];

/** Where a `leave` stands: it ends OFFLINE, or by whatever keeps it from that. */
export function leaveEnd(look: Look): End {
  const { now, seen, inStateMs } = look;
  if (now === null) return { code: 'singleMac', params: {} };
  if (now.state === 'OFFLINE') {
    const isWhole = now.steps.every(({ outcome }) => outcome !== 'running');
    return isWhole || inStateMs >= LAST_STEP_MS ? 'done' : 'goesOn';
  }
  if (now.state === 'LOST') return { code: 'peerSilent', params: {} };
  const held = heldBy(look);
  if (held !== null) return held;
  const isBack = now.state === 'SERVING' || now.state === 'RETURNING';
  if (isBack && departing.some((state) => seen.has(state)))
    return { code: 'cancelled', params: { why: 'leave' } };
  return 'goesOn';
}

/** Where a `return` stands: it ends SERVING. */
export function returnEnd(look: Look): End {
  const { now, seen } = look;
  if (now === null) return { code: 'singleMac', params: {} };
  if (now.state === 'SERVING') return 'done';
  const held = heldBy(look);
  if (held !== null) return held;
  const isOut = now.state === 'OFFLINE' || now.state === 'LOST';
  if (isOut && seen.has('RETURNING')) return { code: 'returnFailed', params: {} };
  if (departing.includes(now.state) && seen.has('RETURNING')) return { code: 'departureRuns', params: {} };
  return 'goesOn';
}

/** Why it does not go on by itself; what held it before the verb came is given time to end. */
function heldBy({ before, now, sinceAcceptedMs }: Look): TandemError | null {
  if (now === null || (now.hold === null && now.state !== 'HOLD')) return null;
  const isOld = before !== null && before.since === now.since && isDeepStrictEqual(before.hold, now.hold);
  if (isOld && sinceAcceptedMs < OLD_HOLD_MS) return null;
  return now.hold ?? { code: 'noData', params: {} };
}

/** Steps that ended since the last look; a step is told once. */
export function endedSteps(told: Set<string>, handoff: Handoff): HandoffStep[] {
  const ended = handoff.steps.filter(({ outcome }) => outcome !== 'running');
  const fresh = ended.filter((step) => !told.has(keyOf(handoff, step)));
  for (const step of fresh) told.add(keyOf(handoff, step));
  return fresh;
}

/** A return tries the same share again: what tells two apart is when they began. */
function keyOf({ handoffId }: Handoff, { step, startedAt }: HandoffStep): string {
  return `${handoffId} ${step} ${startedAt}`;
}
