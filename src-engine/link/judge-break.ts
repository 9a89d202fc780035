import type { BreakClass, Evidence, Likely } from '../../src-shared/world/peer.ts';
import type { DownCause } from './beat/detector.ts';
import { classify } from './classify/classify.ts';
import type { Looks } from './classify/looks.ts';

/** What is thought of a link, with what it rests on. */
export interface Judgement {
  readonly class: BreakClass;
  readonly likely: Likely | null;
  readonly evidence: readonly Evidence[];
}

/** Classes of a link that is up. */
const WEAK: readonly BreakClass[] = ['ROAMED', 'API_SERVER_DOWN', 'TUNNEL_DOWN'];

/** The break that the looks name; null when nothing is wrong any more, or too little is known. */
export function namedBreak(looks: Looks): Judgement | null {
  const found = classify(looks);
  const { class: named } = found;
  return named === null || named === 'NEVER_SEEN' || WEAK.includes(named) ? null : { ...found, class: named };
}

/** A decision has a name: the broadest one where the looks have none. */
export function decidedBreak(looks: Looks, cause: DownCause | null): Judgement {
  const broadest: BreakClass = cause === 'echo' ? 'ONE_WAY' : 'PEER_UNREACHABLE';
  return namedBreak(looks) ?? { class: broadest, likely: null, evidence: classify(looks).evidence };
}

/** What is weak in a link that is up; null when all is well. Nothing is probed for it: the other Mac tells. */
export function weaknessOf(looks: Looks): Judgement | null {
  const found = classify(looks);
  return found.class !== null && WEAK.includes(found.class) ? { ...found, class: found.class } : null;
}
