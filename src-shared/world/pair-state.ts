import { isMessageKey } from '../language/translate.ts';
import type { HandoffSituation } from './handoff-sentence.ts';
import type { BreakClass, Peer } from './peer.ts';
import { byeKey, classTitle } from './peer-sentence.ts';
import { sentence, type Sentence } from './sentence.ts';
import type { World } from './world.ts';

/** What the pair adds to the one sentence on top: a break, a weakness of the other Mac, or that both are well. */
export type PairSituation =
  /** The link is down. */
  | 'partition'
  /** The link stands, and something about the other Mac needs attention. */
  | 'peerWeak'
  /** Both Macs serve. */
  | 'well'
  /** One of the two does not serve, and nothing is wrong. */
  | 'edgeStopped'
  | HandoffSituation;

export interface PairState {
  readonly situation: PairSituation;
  readonly severity: 'ok' | 'warn' | 'bad';
  readonly headline: Sentence;
  readonly detail: Sentence | null;
}

/** Classes that are no break to a person: this Mac waits for fresh news, or nothing was there to break. */
const QUIET: ReadonlySet<BreakClass> = new Set(['SELF_PAUSED', 'ROAMED', 'NEVER_SEEN', 'LEFT']);
/** What is wrong with this Mac's own network says nothing of the other. */
const OWN: ReadonlySet<BreakClass> = new Set(['SELF_OFFLINE', 'SELF_OR_ROUTER_DOWN']);

/** The link is down, with its class in words, since when and what to do; null when it is not. */
export function partitionState({ peer, handoff, role }: World): PairState | null {
  if (peer === null || peer.link !== 'down') return null;
  const { class: breakClass, name } = peer;
  if (breakClass !== null && QUIET.has(breakClass)) return null;
  const own = breakClass !== null && OWN.has(breakClass);
  // An edge that has left as announced may sleep: its silence is no break.
  if (role === 'core' && handoff?.state === 'OFFLINE' && !own) return null;
  const taken = role === 'core' && handoff?.state === 'LOST';
  return {
    situation: 'partition',
    severity: own ? 'warn' : 'bad',
    headline: classTitle(breakClass ?? 'PEER_UNREACHABLE', name),
    detail: taken ? takenDetail(peer) : breakDetail(peer),
  };
}

/** Since when it is silent, and that nothing is lost by it any more. */
function takenDetail({ likely, since }: Peer): Sentence {
  return likely === null
    ? sentence('sentence.break.taken', { sinceAt: since })
    : sentence('sentence.break.taken.likely', { sinceAt: since, likelyKey: `likely.${likely}` });
}

function breakDetail({ class: breakClass, likely, since, isolated }: Peer): Sentence {
  if (isolated) return sentence('sentence.break.isolated', { sinceAt: since });
  if (breakClass === null) return sentence('sentence.since', { sinceAt: since });
  const params = { sinceAt: since, todoKey: `class.${breakClass}.todo` };
  return likely === null
    ? sentence('sentence.break.since', params)
    : sentence('sentence.break.likely', { ...params, likelyKey: `likely.${likely}` });
}

/** Silence that is not decided yet is shown on the rail; on top it would only flicker. */
function stands({ link }: Peer): boolean {
  return link === 'up' || link === 'suspect';
}

/** The link stands, but not all is well on its other end. */
export function peerWeakState({ peer }: World): PairState | null {
  if (peer === null || !stands(peer)) return null;
  const weak = (headline: Sentence, detail: Sentence | null): PairState => ({
    situation: 'peerWeak',
    severity: 'warn',
    headline,
    detail,
  });
  const { class: breakClass, name, since, vitals, clusters } = peer;
  if (breakClass !== null && !QUIET.has(breakClass))
    return weak(classTitle(breakClass, name), breakDetail(peer));
  if (vitals !== null && vitals.stage !== 'ok') {
    const [reason] = vitals.reasons;
    const key = `sentence.peer.stage.${reason?.metric.split('.')[0] ?? 'held'}`;
    const detail = reason === undefined ? null : sentence('sentence.since', { sinceAt: reason.since });
    return weak(sentence(isMessageKey(key) ? key : 'sentence.peer.stage.held', { name }), detail);
  }
  const broken = clusters?.find(({ state }) => ['degraded', 'partial', 'unknown'].includes(state));
  if (broken === undefined) return null;
  return weak(
    sentence('sentence.peer.cluster', { name, stateKey: `state.${broken.state}` }),
    sentence('sentence.since', { sinceAt: broken.stale ? broken.sampledAt : since }),
  );
}

/** What is said when nothing is wrong: of the pair, where this Mac alone would say `own`. */
export function pairedState(
  { peer, link }: World,
  own: {
    readonly situation: string;
    readonly headline: Sentence;
    readonly detail: Sentence | null;
  },
): PairState | null {
  if (peer === null) return null;
  const serves = own.situation === 'running';
  if (peer.link === 'left') {
    const { name, byeReason } = peer;
    const asked = link.network === 'other';
    const detail = asked
      ? sentence('network.ask')
      : byeReason === null
        ? sentence('sentence.peer.left.unknown', { name })
        : sentence('sentence.peer.left', { name, reasonKey: byeKey(byeReason) });
    return serves ? { situation: 'edgeStopped', severity: 'ok', headline: own.headline, detail } : null;
  }
  if (peer.link === 'never' && serves) {
    const detail = sentence('class.NEVER_SEEN', { name: peer.name });
    return { situation: 'edgeStopped', severity: 'ok', headline: own.headline, detail };
  }
  if (!stands(peer) || peer.clusters === null) return null;
  const otherServes = peer.clusters.some(({ state }) => state === 'running');
  if (serves && otherServes)
    return { situation: 'well', severity: 'ok', headline: sentence('sentence.bothWell'), detail: own.detail };
  if (!serves) return null;
  return { situation: 'edgeStopped', severity: 'ok', headline: own.headline, detail: own.detail };
}
