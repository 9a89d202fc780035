import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { isMessageKey } from '../../src-shared/language/translate.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { Tone } from '../parts/tone.ts';

interface LinkWords {
  readonly tone: Tone;
  readonly what: Sentence;
  readonly why: Sentence | null;
}

/** Records of the link and the other Mac in words; null for those that have none. */
export function linkWords({ kind, why, evidence }: HistoryRecord): LinkWords | null {
  const name = typeof evidence['name'] === 'string' ? { name: evidence['name'] } : { nameKey: 'peer.other' };
  switch (kind) {
    case 'link.down':
      return brokenWords(evidence, name);
    case 'link.weak': {
      const what = classWords(evidence, name);
      return what && { tone: 'warn', what, why: null };
    }
    case 'link.corrected': {
      const known = classWords(evidence, name);
      const what = known && sentence('history.link.corrected', { whatKey: known.key, ...name });
      return what && { tone: 'dim', what, why: likelyWords(evidence) };
    }
    case 'link.up':
      return { tone: 'ok', what: sentence('history.link.up', name), why: lastedWords(evidence) };
    case 'link.well':
      return { tone: 'ok', what: sentence('history.link.well', name), why: null };
    case 'link.roamed': {
      const key = `history.link.roamed.${String(evidence['who'])}`;
      const to = String(evidence['to']);
      return isMessageKey(key) ? { tone: 'dim', what: sentence(key, { ...name, to }), why: null } : null;
    }
    case 'peer.paired':
      return { tone: 'ok', what: sentence('history.peer.paired', name), why: null };
    case 'peer.unpaired':
      return {
        tone: 'dim',
        what: sentence('history.peer.unpaired', name),
        why: why === null ? null : sentence('history.peer.unpaired.there'),
      };
    default:
      return null;
  }
}

type Values = HistoryRecord['evidence'];

function brokenWords(evidence: Values, name: Record<string, string>): LinkWords | null {
  const reasonKey = `bye.${String(evidence['byeReason'])}`;
  if (evidence['class'] === 'LEFT' && isMessageKey(reasonKey))
    return { tone: 'dim', what: sentence('history.link.left', { ...name, reasonKey }), why: null };
  const what = classWords(evidence, name);
  return what && { tone: 'bad', what, why: likelyWords(evidence) };
}

function classWords(evidence: Values, name: Record<string, string>): Sentence | null {
  const key = `class.${String(evidence['class'])}`;
  return isMessageKey(key) ? sentence(key, name) : null;
}

function likelyWords(evidence: Values): Sentence | null {
  const likelyKey = `likely.${String(evidence['likely'])}`;
  return isMessageKey(likelyKey) ? sentence('likely.most', { likelyKey }) : null;
}

function lastedWords(evidence: Values): Sentence | null {
  const { lastedMs } = evidence;
  return typeof lastedMs === 'number' ? sentence('history.link.up.lasted', { lastedFineMs: lastedMs }) : null;
}
