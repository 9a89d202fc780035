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
/** After an own pause nothing old is believed: too little is known to say anything of a break that lasts. */
const NO_NAME: readonly BreakClass[] = ['NEVER_SEEN', 'SELF_PAUSED', ...WEAK];

/** The break that the looks name; null when nothing is wrong any more, or too little is known. */
export function namedBreak(looks: Looks): Judgement | null {
  const found = classify(looks);
  const { class: named } = found;
  return named === null || NO_NAME.includes(named) ? null : { ...found, class: named };
}

/** A decision has a name: the broadest one that its cause allows where the looks have none. */
export function decidedBreak(looks: Looks, cause: DownCause | null): Judgement {
  const named = namedBreak(looks);
  if (named !== null) return named;
  return { class: broadest(looks, cause), likely: null, evidence: classify(looks).evidence };
}

function broadest({ appPort }: Looks, cause: DownCause | null): BreakClass {
  if (cause === 'crashed' && appPort?.outcome === 'refused') return 'APP_CRASHED';
  return cause === 'echo' ? 'ONE_WAY' : 'PEER_UNREACHABLE';
}

/** What is weak in a link that is up; null when all is well. Nothing is probed for it: the other Mac tells. */
export function weaknessOf(looks: Looks): Judgement | null {
  const found = classify(looks);
  return found.class !== null && WEAK.includes(found.class) ? { ...found, class: found.class } : null;
}

/** A fault of this Mac's side, its router included. */
export function isOwnFault(breakClass: BreakClass): boolean {
  return (
    breakClass === 'SELF_OFFLINE' ||
    breakClass === 'SELF_OR_ROUTER_DOWN' ||
    breakClass === 'LOCAL_NETWORK_DENIED'
  );
}
