import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { isErrorCode } from '../../src-shared/errors/codes.ts';
import { isMessageKey } from '../../src-shared/language/translate.ts';
import { errorSentence, sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { Tone } from '../parts/tone.ts';

interface HandoffWords {
  readonly tone: Tone;
  readonly what: Sentence;
  readonly why: Sentence | null;
}

type Values = Readonly<Record<string, unknown>>;

/** Records of departures, losses and returns in words; null for those that have none. */
export function handoffHistoryWords({ kind, evidence }: HistoryRecord): HandoffWords | null {
  const event = kind.slice('handoff.'.length);
  const { report } = evidence;
  if (isRecord(report)) return reportWords(event, report);
  const key = `history.handoff.${event}`;
  if (!isMessageKey(key)) return null;
  return {
    tone: event === 'hold' ? 'warn' : 'dim',
    what: sentence(key),
    why: problemOf(evidence['problem']),
  };
}

/** True for a record whose report can be opened. */
export function hasReport({ kind, evidence }: HistoryRecord): boolean {
  return /^handoff\.(departure|loss|return)$/.test(kind) && isRecord(evidence['report']);
}

function reportWords(kind: string, report: Values): HandoffWords | null {
  const key = `report.${kind}.${String(report['outcome'])}`;
  if (!isMessageKey(key)) return null;
  return {
    tone: toneOf(report['outcome']),
    what: sentence(key),
    why: problemOf(report['problem']) ?? figuresOf(report),
  };
}

function toneOf(outcome: unknown): Tone {
  if (outcome === 'offline' || outcome === 'serving') return 'ok';
  return outcome === 'lost' ? 'bad' : outcome === 'cancelled' ? 'dim' : 'warn';
}

function problemOf(problem: unknown): Sentence | null {
  if (!isRecord(problem) || !isErrorCode(problem['code'])) return null;
  const params = isRecord(problem['params']) ? problem['params'] : {};
  const plain = Object.fromEntries(
    Object.entries(params).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
  return errorSentence({ code: problem['code'], params: plain });
}

/** `28 s · 0 lost`. */
function figuresOf({ elapsedMs, requests, cutCount }: Values): Sentence | null {
  if (typeof elapsedMs !== 'number') return null;
  const failed = isRecord(requests) && typeof requests['failed'] === 'number' ? requests['failed'] : null;
  if (failed === null) return sentence('handoff.time.took', { tookFineMs: elapsedMs });
  const cut = typeof cutCount === 'number' ? cutCount : 0;
  return sentence('history.handoff.figures', { tookFineMs: elapsedMs, count: Math.max(failed, cut) });
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
