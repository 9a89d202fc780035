import type { BreakClass, Evidence, Likely } from '../../../src-shared/world/peer.ts';
import type { HelloData, OwnPause } from '../ports.ts';
import { evidence } from './evidence-kinds.ts';

/** A break as it was decided, seen from the moment the other Mac said HELLO again. */
export interface EndedBreak {
  readonly class: BreakClass;
  readonly likely: Likely | null;
  /** Since the last sign of life before it, and since the first after it; milliseconds before the HELLO. */
  readonly startedAgoMs: number;
  readonly endedAgoMs: number;
  /** From the HELLO of the session before; null: there was none. */
  readonly bootIdBefore: string | null;
  readonly appStartIdBefore: string | null;
}

export interface FinalWord {
  readonly class: BreakClass;
  readonly likely: Likely | null;
  /** What the other Mac told, the most telling first; to be put before the break's own. */
  readonly evidence: readonly Evidence[];
}

/** A cause covers a break when it fills this share of it: falling asleep and coming back take seconds. */
const COVERS = 0.5;

/** Breaks in which this Mac heard nothing, so that the peer's word can still name the cause. */
const bySilence: readonly BreakClass[] = [
  'PEER_UNREACHABLE',
  'SELF_OR_ROUTER_DOWN',
  'PORT_BLOCKED',
  'APP_CRASHED',
  'APP_HUNG',
];

/**
 * What a break turned out to be (research/link.md section 2, Retrospective). A good-bye and a fault of
 * this Mac's own stay what they were; what the peer does not tell changes nothing.
 */
export function retrospective(
  ended: EndedBreak,
  hello: HelloData,
  ownPauses: readonly OwnPause[],
): FinalWord {
  const facts = whatItTells(ended, hello);
  const ownMs = overlapMs(ended, ownPauses);
  if (covers(ended, ownMs))
    return { class: 'SELF_PAUSED', likely: null, evidence: [evidence('self/self/ticks/stalled', ownMs)] };
  const kept = { class: ended.class, likely: ended.likely, evidence: listOf(facts) };
  if (!bySilence.includes(ended.class)) return kept;
  return { ...kept, ...turnedOut(ended, facts) };
}

interface Facts {
  readonly booted: boolean | null;
  readonly restarted: boolean | null;
  readonly sleptMs: number;
  readonly stalledMs: number;
  readonly missedMs: number;
  readonly uptimeMs: number;
  readonly slept: boolean;
  readonly stalled: boolean;
  readonly missed: boolean;
}

function whatItTells(ended: EndedBreak, hello: HelloData): Facts {
  const sleptMs = overlapMs(
    ended,
    hello.pauses.filter(({ slept }) => slept),
  );
  const stalledMs = overlapMs(
    ended,
    hello.pauses.filter(({ slept }) => !slept),
  );
  const missedMs = overlapMs(ended, hello.gaps);
  return {
    booted: ended.bootIdBefore === null ? null : ended.bootIdBefore !== hello.bootId,
    restarted: ended.appStartIdBefore === null ? null : ended.appStartIdBefore !== hello.appStartId,
    sleptMs,
    stalledMs,
    missedMs,
    uptimeMs: hello.uptimeSeconds * 1000,
    slept: covers(ended, sleptMs),
    stalled: covers(ended, stalledMs),
    missed: covers(ended, missedMs),
  };
}

function turnedOut(ended: EndedBreak, facts: Facts): { class: BreakClass; likely: Likely | null } {
  if (facts.booted === true)
    return {
      class: 'PEER_UNREACHABLE',
      likely: ended.likely === 'batteryEmpty' ? 'batteryEmpty' : 'hostDown',
    };
  if (facts.slept) return { class: 'PEER_UNREACHABLE', likely: 'asleep' };
  if (facts.restarted === true) return { class: 'APP_CRASHED', likely: null };
  if (facts.stalled) return { class: 'APP_HUNG', likely: null };
  // From here on it ran all the time, if it is known to have been the same program.
  if (facts.restarted === null) return { class: ended.class, likely: ended.likely };
  if (!facts.missed) return { class: 'ONE_WAY', likely: null };
  if (ended.class === 'APP_CRASHED') return { class: 'PORT_BLOCKED', likely: null };
  const isolated = ended.likely === 'clientIsolation';
  return {
    class: ended.class,
    likely: ended.class !== 'PEER_UNREACHABLE' ? ended.likely : isolated ? 'clientIsolation' : 'partition',
  };
}

function listOf(facts: Facts): Evidence[] {
  const found: Evidence[] = [];
  if (facts.booted === true) return [evidence('peer/peer/boot/changed', facts.uptimeMs)];
  if (facts.slept) found.push(evidence('peer/peer/sleep/ok', facts.sleptMs));
  if (facts.restarted === true) return [...found, evidence('peer/peer/session/changed')];
  if (facts.stalled) found.push(evidence('peer/peer/ticks/stalled', facts.stalledMs));
  if (facts.restarted === false) {
    found.push(
      facts.missed
        ? evidence('self/peer/heartbeat/silent', facts.missedMs)
        : evidence('self/peer/heartbeat/ok'),
    );
    if (!facts.slept) found.push(evidence('peer/peer/sleep/missing'));
    found.push(evidence('peer/peer/session/ok'));
  }
  if (facts.booted === false) found.push(evidence('peer/peer/boot/ok'));
  return found;
}

/** How much of the break the spans fill together, milliseconds. Spans do not overlap each other. */
function overlapMs(
  ended: EndedBreak,
  spans: readonly { readonly agoMs: number; readonly lastedMs: number }[],
): number {
  return spans.reduce((sum, { agoMs, lastedMs }) => {
    const from = Math.max(agoMs, ended.endedAgoMs);
    const to = Math.min(agoMs + lastedMs, ended.startedAgoMs);
    return sum + Math.max(0, to - from);
  }, 0);
}

function covers(ended: EndedBreak, overlap: number): boolean {
  const lastedMs = ended.startedAgoMs - ended.endedAgoMs;
  return lastedMs > 0 && overlap >= lastedMs * COVERS;
}
