import { assertNever } from '../assert-never.ts';
import { isErrorCode } from '../errors/codes.ts';
import { isMessageKey } from '../language/translate.ts';
import type { ClusterVerb } from './clusters.ts';
import { handoffNoticeSentence } from './handoff-notice-sentence.ts';
import type { Notice } from './notices.ts';
import { peerNoticeSentence } from './peer-notice-sentence.ts';
import { errorHint, errorSentence, sentence, type Sentence } from './sentence.ts';
import { familyOf, reasonSentence } from './state-sentence.ts';
import type { Metric, Stage } from './vitals.ts';

/** A notice in words: what happened, and why or what to do. */
export interface NoticeSentence {
  readonly title: Sentence;
  readonly body: readonly Sentence[];
}

/** Words of a notice, for notifications and the popover. Params that do not fit its kind are shown as less, not wrong. */
export function noticeSentence(notice: Notice): NoticeSentence {
  const { kind, params } = notice;
  switch (kind) {
    case 'stageEntered':
      return stageEntered(notice);
    case 'stageCleared':
      return { title: sentence('notice.stageCleared'), body: [] };
    case 'operationFailed':
      return failed(notice);
    case 'operationFinished':
      return {
        title: sentence(`notice.finished.${verbOf(params)}`, { name: nameOf(params) }),
        body:
          typeof params['elapsedMs'] === 'number' && params['elapsedMs'] >= 1000
            ? [sentence('notice.took', { tookMs: params['elapsedMs'] })]
            : [],
      };
    case 'operationRecovered':
      return {
        title: sentence(params['how'] === 'cleanUp' ? 'notice.cleanedUp' : 'notice.resumed', {
          name: nameOf(params),
        }),
        body: [sentence('notice.afterCrash')],
      };
    case 'peerLost':
    case 'peerWeak':
    case 'peerBack':
    case 'peerLeft':
    case 'peerUnpaired':
    case 'networkAsked':
    case 'pairingAsked':
      return peerNoticeSentence(kind, params);
    case 'handoffWarned':
    case 'handoffMoved':
    case 'handoffReturned':
    case 'handoffHeld':
    case 'handoffLost':
      return handoffNoticeSentence(kind, params);
    default:
      return assertNever(kind);
  }
}

function stageEntered({ params, at }: Notice): NoticeSentence {
  const { stage: told, metric } = params;
  const stage = isStage(told) ? told : 'warn';
  if (!isMetric(metric)) return { title: sentence(`sentence.${stage}.held`), body: [] };
  const value = typeof params['value'] === 'number' ? params['value'] : null;
  const reason = { metric, stage, value, limit: Number(params['limit'] ?? 0), since: at };
  return { title: sentence(`sentence.${stage}.${familyOf(metric)}`), body: [reasonSentence(reason)] };
}

// Not by the schemas: zod has no place in what the popover loads first.
function isStage(value: unknown): value is Exclude<Stage, 'ok'> {
  return value === 'warn' || value === 'drain' || value === 'stop';
}

function isMetric(value: unknown): value is Metric {
  return typeof value === 'string' && isMessageKey(`reason.${value}`);
}

function failed({ params }: Notice): NoticeSentence {
  const { code } = params;
  const title = sentence(`sentence.failed.${verbOf(params)}`, { name: nameOf(params) });
  if (!isErrorCode(code)) return { title, body: [] };
  const error = { code, params };
  return { title, body: [errorSentence(error), errorHint(error)] };
}

function verbOf({ verb }: Notice['params']): ClusterVerb {
  return isMessageKey(`sentence.failed.${verb}`) ? (verb as ClusterVerb) : 'start';
}

function nameOf(params: Notice['params']): string {
  return String(params['name'] ?? '?');
}
