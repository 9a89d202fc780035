import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { isErrorCode } from '../../src-shared/errors/codes.ts';
import { isMessageKey } from '../../src-shared/language/translate.ts';
import { errorSentence, sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import { familyOf, reasonSentence } from '../../src-shared/world/state-sentence.ts';
import type { Reason } from '../../src-shared/world/vitals.ts';
import type { Tone } from '../parts/tone.ts';
import { handoffHistoryWords } from './handoff-words.ts';
import { linkWords } from './link-words.ts';

/** A record in words where there are some; else as it was written. */
export interface HistoryWords {
  readonly tone: Tone;
  readonly what: Sentence | string;
  readonly why: Sentence | string | null;
}

/** Evidence comes from a file that another version may have written: everything of it is looked at before it is used. */
export function historyWords(record: HistoryRecord): HistoryWords {
  const [topic, event = ''] = record.kind.split('.');
  if (topic === 'cluster' && event === 'changed') return changedWords(record);
  if (topic === 'cluster' && event === 'evict') return evictionWords(record);
  if (topic === 'cluster' && event !== 'evicting') return operationWords(record, event);
  if (topic === 'stage') return stageWords(record, event);
  if (topic === 'link' || topic === 'peer') return linkWords(record) ?? asWritten(record);
  if (topic === 'handoff') return handoffHistoryWords(record) ?? asWritten(record);
  const key = `history.${record.kind}`;
  return {
    tone: 'dim',
    what: isMessageKey(key) ? sentence(key, plain(record.evidence)) : record.what,
    why: record.why,
  };
}

function operationWords(record: HistoryRecord, verb: string): HistoryWords {
  const { name, outcome, elapsedMs } = record.evidence;
  if (typeof name !== 'string') return asWritten(record);
  if (outcome === 'done') {
    const took =
      typeof elapsedMs === 'number' && elapsedMs >= 1000
        ? sentence('notice.took', { tookMs: elapsedMs })
        : null;
    return keyed(record, 'ok', `notice.finished.${verb}`, name, took);
  }
  if (outcome === 'cancelled') return keyed(record, 'dim', `history.cancelled.${verb}`, name, null);
  return keyed(record, 'bad', `sentence.failed.${verb}`, name, errorOf(record.evidence['error']));
}

/** What a departure did to the pods of a cluster: the worst of it is said beneath. */
function evictionWords(record: HistoryRecord): HistoryWords {
  const { name, answered, counts, error } = record.evidence;
  if (typeof name !== 'string') return asWritten(record);
  if (answered === false) {
    const why = errorOf(error) ?? errorSentence({ code: 'apiUnreachable', params: { name } });
    return { tone: 'warn', what: sentence('history.cluster.evict.unanswered', { name }), why };
  }
  const { evicted, ...rest } = plain(isRecord(counts) ? counts : {});
  if (evicted === undefined) return asWritten(record);
  const what = sentence('history.cluster.evict', { name, evicted });
  const worst = (['deleted', 'left', 'staying'] as const).find((kind) => Number(rest[kind] ?? 0) > 0);
  if (worst === undefined) return { tone: 'ok', what, why: null };
  const budget = worst === 'deleted' && record.why !== null ? { budget: record.why } : null;
  const key = budget === null ? (`history.cluster.evict.${worst}` as const) : 'history.cluster.evict.budget';
  return { tone: worst === 'staying' ? 'dim' : 'warn', what, why: sentence(key, { ...rest, ...budget }) };
}

function keyed(
  record: HistoryRecord,
  tone: Tone,
  key: string,
  name: string,
  why: Sentence | null,
): HistoryWords {
  return isMessageKey(key) ? { tone, what: sentence(key, { name }), why } : asWritten(record);
}

function errorOf(error: unknown): Sentence | null {
  if (!isRecord(error) || !isErrorCode(error['code'])) return null;
  return errorSentence({
    code: error['code'],
    params: isRecord(error['params']) ? plain(error['params']) : {},
  });
}

function changedWords(record: HistoryRecord): HistoryWords {
  const { name, from, to } = record.evidence;
  if (typeof name !== 'string' || typeof from !== 'string' || typeof to !== 'string')
    return asWritten(record);
  const why = `why.${record.why ?? ''}`;
  return {
    tone: to === 'running' ? 'ok' : 'warn',
    what: sentence('history.changed', { name, fromKey: `state.${from}`, toKey: `state.${to}` }),
    why: isMessageKey(why) ? sentence(why, { name }) : record.why,
  };
}

function stageWords(record: HistoryRecord, event: string): HistoryWords {
  if (event === 'cleared') return { tone: 'ok', what: sentence('notice.stageCleared'), why: null };
  const { to, reasons } = record.evidence;
  const reason = Array.isArray(reasons) ? (reasons.find(isReason) ?? null) : null;
  if ((to !== 'warn' && to !== 'drain' && to !== 'stop') || reason === null) return asWritten(record);
  return {
    tone: to === 'warn' ? 'warn' : 'bad',
    what: sentence(`sentence.${to}.${familyOf(reason.metric)}`),
    why: reasonSentence(reason),
  };
}

function isReason(value: unknown): value is Reason {
  return (
    isRecord(value) && isMessageKey(`reason.${String(value['metric'])}`) && typeof value['limit'] === 'number'
  );
}

function asWritten({ what, why }: HistoryRecord): HistoryWords {
  return { tone: 'dim', what, why };
}

function plain(values: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
