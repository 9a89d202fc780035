import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import {
  hintKey,
  messageKey,
  translator,
  withWords,
  type MessageKey,
  type Params,
} from '../../src-shared/language/translate.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';

const english = translator('en');

/** A verdict with its sentence, and what to do unless all is well. */
export function said(
  check: string,
  verdict: DoctorCheck['verdict'],
  sentenceKey: MessageKey,
  params: Params = {},
  actionKey: MessageKey | null = null,
): DoctorCheck {
  return {
    check,
    verdict,
    sentence: english(sentenceKey, withWords(params, english)),
    action: actionKey === null ? null : english(actionKey, withWords(params, english)),
    sentenceKey,
    actionKey,
    params: { ...params },
  };
}

/** An error's own sentence and what to do about it. */
export function ofProblem(check: string, problem: Problem): DoctorCheck {
  return said(check, 'problem', messageKey(problem), problem.params, hintKey(problem));
}
