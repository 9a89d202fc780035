import type { Handoff } from '../../src-shared/world/handoff.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import type { World } from '../../src-shared/world/world.ts';

/** The traffic between the two Macs as it is drawn. */
export interface ShareView {
  /** 0..100; null when nobody can tell. */
  readonly corePercent: number | null;
  /** Of requests that were seen; else it is only what the front was told. */
  readonly isMeasured: boolean;
  /** Where the wish lies, 0..100, beside what was measured. */
  readonly markPercent: number | null;
  /** The core's word is old, or the front does not answer. */
  readonly isOld: boolean;
  readonly spoken: Sentence;
  readonly rate: Sentence;
}

/** The core says it every 5 s; older than three of them is told with its age. */
const FRESH_MS = 15_000;

export function shareView(world: World, traffic: Traffic, nowMs: number): ShareView {
  const { seen, weights, state } = traffic;
  const up = state === 'up';
  const shares = seen ?? weights;
  const isMeasured = up && seen !== null;
  const params = {
    ...namesOf(world),
    corePercent: Math.round(shares.core),
    edgePercent: Math.round(shares.edge),
    wantedPercent: Math.round(weights.edge),
  };
  return {
    corePercent: up ? shares.core : null,
    isMeasured,
    // At either end the mark would say no more than the bar does.
    markPercent: isMeasured && weights.core > 0 && weights.core < 100 ? weights.core : null,
    isOld: ageMs(world, traffic, nowMs) > FRESH_MS,
    spoken: sentence(
      !up ? 'traffic.spoken.down' : isMeasured ? 'traffic.spoken' : 'traffic.spoken.wanted',
      params,
    ),
    rate: rateSentence(traffic),
  };
}

function ageMs({ handoff, role }: World, { stale, sampledAt }: Traffic, nowMs: number): number {
  if (stale === true) return Infinity;
  const toldAt = role === 'edge' ? (handoff?.toldAt ?? null) : null;
  return nowMs - Date.parse(toldAt ?? sampledAt);
}

function rateSentence({ state, requestsPerSecond }: Traffic): Sentence {
  if (state === 'starting') return sentence('traffic.starting');
  if (state === 'down') return sentence('traffic.down');
  if (requestsPerSecond === null) return sentence('traffic.rate.unknown');
  if (requestsPerSecond === 0) return sentence('traffic.rate.none');
  return sentence('traffic.rate', { rate: rateText(requestsPerSecond) });
}

/** `118`, `4.2`, `0.3`. */
export function rateText(perSecond: number): string {
  return perSecond >= 10 ? String(Math.round(perSecond)) : String(Math.round(perSecond * 10) / 10);
}

/** Requests that were cut or failed in the hand-off under way or ended last, by its steps; null when none of them counted. */
export function lostCount({ steps }: Handoff): number | null {
  const counted = steps.flatMap(({ facts }) =>
    ['cut', 'lost'].map((name) => facts[name]).filter((value) => typeof value === 'number'),
  );
  return counted.length === 0 ? null : counted.reduce((sum, value) => sum + value, 0);
}

/** How much of the traffic this edge serves, measured where it can be; null when unknown. */
export function edgeShare(traffic: Traffic | null): number | null {
  if (traffic === null || traffic.state !== 'up') return null;
  return Math.round((traffic.seen ?? traffic.weights).edge);
}
