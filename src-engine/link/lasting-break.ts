import type { BreakClass, ByeReason, Likely } from '../../src-shared/world/peer.ts';
import { retrospective } from './classify/retrospective.ts';
import type { Judgement } from './judge-break.ts';
import type { HelloData, OwnPause } from './ports.ts';

/** The break that lasts. */
export interface Break {
  readonly id: string;
  readonly startedMs: number;
  readonly class: BreakClass;
  readonly likely: Likely | null;
  readonly byeReason: ByeReason | null;
  /** The first HELLO after it was heard; later ones know no more. */
  readonly isRight: boolean;
}

/** What a break turned out to be by the other Mac's word; null when that is no news. */
export function turnedOut(
  now: Break,
  nowMs: number,
  before: HelloData | null,
  hello: HelloData,
  pauses: readonly OwnPause[],
): Judgement | null {
  const ended = {
    class: now.class,
    likely: now.likely,
    startedAgoMs: nowMs - now.startedMs,
    endedAgoMs: 0,
    bootIdBefore: before?.bootId ?? null,
    appStartIdBefore: before?.appStartId ?? null,
  };
  const found = retrospective(ended, hello, pauses);
  // A good-bye stays one, however long this Mac slept after it.
  if (now.class === 'LEFT' && found.class !== 'LEFT') return null;
  const isNews = found.class !== now.class || found.likely !== now.likely || found.evidence.length > 0;
  return isNews ? found : null;
}
