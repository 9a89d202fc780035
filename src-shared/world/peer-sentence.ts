import { assertNever } from '../assert-never.ts';
import { isMessageKey, type MessageKey } from '../language/translate.ts';
import type { Cluster } from './clusters.ts';
import type { BreakClass, ByeReason, Evidence, Likely, LinkBreak, Peer } from './peer.ts';
import { sentence, type Sentence } from './sentence.ts';

/** Words of the other Mac and of the link: pure, spoken by the popover, the tray, notices and the command line. */

/** How the link is, in a few words; how old that is stands in `seenSentence`. */
export function linkSentence(peer: Peer): Sentence {
  const { link, rttMs, lastSeenMs, class: breakClass, name } = peer;
  switch (link) {
    case 'never':
      return sentence('peer.line.never');
    case 'up':
      return rttMs === null
        ? sentence('peer.line.up')
        : sentence('peer.line.up.rtt', { rtt: rttMs < 1 ? '<1' : Math.round(rttMs) });
    case 'suspect':
      return lastSeenMs === null
        ? sentence('peer.line.suspect.unknown')
        : sentence('peer.line.suspect', { silenceFineMs: lastSeenMs });
    case 'down':
      return breakClass === null ? sentence('link.down') : classTitle(breakClass, name);
    case 'left':
      return leftSentence(peer);
    default:
      return assertNever(link);
  }
}

function leftSentence({ byeReason }: Peer): Sentence {
  return byeReason === null
    ? sentence('peer.line.left.unknown')
    : sentence('peer.line.left', { reasonKey: byeKey(byeReason) });
}

/** What kind of break it is. */
export function classTitle(breakClass: BreakClass, name: string): Sentence {
  return sentence(`class.${breakClass}`, { name });
}

/** What it means and what to do, often nothing. */
export function classDetail(breakClass: BreakClass, name: string): Sentence {
  return sentence(`class.${breakClass}.detail`, { name });
}

export function likelySentence(likely: Likely): Sentence {
  return sentence('likely.most', { likelyKey: `likely.${likely}` });
}

export function byeKey(reason: ByeReason): MessageKey {
  return `bye.${reason}`;
}

/**
 * When it was heard last.
 *
 * @param atIso when the World was made: `lastSeenMs` is as of then
 */
export function seenSentence({ lastSeenMs }: Peer, atIso: string, nowMs: number): Sentence {
  if (lastSeenMs === null) return sentence('peer.seen.never');
  return sentence('peer.seen', { ageMs: lastSeenMs + Math.max(0, nowMs - Date.parse(atIso)) });
}

/** STATUS comes at least every few seconds while the link is up; older than this is told with its age. */
const FRESH_MS = 15_000;

/** How old what it told of itself is; null while it is about as new as its last sign of life. */
export function toldSentence({ toldAt, lastSeenMs }: Peer, atIso: string, nowMs: number): Sentence | null {
  if (toldAt === null) return null;
  const ageMs = nowMs - Date.parse(toldAt);
  const silenceMs = lastSeenMs === null ? 0 : lastSeenMs + Math.max(0, nowMs - Date.parse(atIso));
  return ageMs - silenceMs < FRESH_MS ? null : sentence('peer.told', { ageMs });
}

/** True when its vitals and clusters are not how it is now. */
export function isOld(peer: Peer): boolean {
  return peer.link !== 'up' && peer.link !== 'suspect';
}

/** Its clusters in a few words. */
export function clusterSentence(cluster: Cluster): Sentence {
  const { nodes, state } = cluster;
  const ready = nodes.filter((node) => node.ready === true).length;
  const stateKey = `state.${state}`;
  if (nodes.length === 0 || state === 'stopped' || state === 'absent') return sentence(`state.${state}`);
  return sentence('peer.state', { stateKey, ready, count: nodes.length });
}

/** Evidence of one Mac by one Mac. */
export interface EvidenceGroup {
  readonly label: Sentence;
  readonly lines: readonly Sentence[];
}

/** Own eyes first, then what the other Mac said. */
const GROUPS = [
  ['self', 'self'],
  ['peer', 'self'],
  ['peer', 'peer'],
  ['self', 'peer'],
] as const;

/** What was seen, by whom and of whom; empty groups are left out, what has no words too. */
export function evidenceGroups(evidence: readonly Evidence[], name: string): EvidenceGroup[] {
  return GROUPS.flatMap(([about, by]) => {
    const lines = evidence
      .filter((one) => one.about === about && one.by === by)
      .map(evidenceSentence)
      .filter((line) => line !== null);
    return lines.length === 0 ? [] : [{ label: sentence(`evidence.by.${about}.${by}`, { name }), lines }];
  });
}

/** One thing that was looked at; null when another version saw something that this one has no words for. */
export function evidenceSentence(item: Evidence): Sentence | null {
  const { about, by, probe, outcome, ms, detail } = item;
  const base = `evidence.${probe}.${outcome}`;
  // The most special words first.
  const keys = [
    `${base}.${about}.${by}`,
    ...(detail === null ? [] : [`${base}.${detail}`, `${base}.detail`]),
    base,
  ];
  const key = keys.find(isMessageKey);
  if (key === undefined) return null;
  return sentence(key, {
    ...(ms === null ? { took: '?' } : { tookFineMs: ms }),
    detail: detail ?? '?',
    ...(probe === 'bye' && detail !== null ? { reasonKey: `bye.${detail}` } : {}),
  });
}

/** A break in its list: what it is held for now, and what it was held for first when that differs. */
export interface BreakWords {
  readonly title: Sentence;
  readonly corrected: Sentence | null;
  readonly likely: Sentence | null;
  readonly lasted: Sentence;
  readonly decided: Sentence;
  readonly groups: readonly EvidenceGroup[];
}

export function breakWords(one: LinkBreak, name: string): BreakWords {
  const known = one.finalClass ?? one.class;
  const left = known === 'LEFT' && one.byeReason !== null;
  return {
    title: left
      ? sentence('history.link.left', { name, reasonKey: byeKey(one.byeReason ?? 'quit') })
      : classTitle(known, name),
    corrected:
      one.finalClass !== null && one.finalClass !== one.class
        ? sentence('breaks.first', { whatKey: `class.${one.class}`, name })
        : null,
    // What the other Mac told afterwards is no guess any more.
    likely:
      one.likely === null
        ? null
        : one.finalClass === null
          ? likelySentence(one.likely)
          : sentence('breaks.turnedOut', { likelyKey: `likely.${one.likely}` }),
    lasted:
      one.endedAt === null
        ? sentence('breaks.goesOn')
        : sentence('breaks.lasted', {
            tookFineMs: Math.max(0, Date.parse(one.endedAt) - Date.parse(one.startedAt)),
          }),
    decided:
      one.decidedAfterMs === 0
        ? sentence('breaks.decided.atOnce')
        : sentence('breaks.decided', { tookFineMs: one.decidedAfterMs }),
    groups: evidenceGroups(one.evidence, name),
  };
}
