import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import { isMessageKey, withWords, type Translate } from '../../src-shared/language/translate.ts';

const mark = { ok: '✓', advice: '!', problem: '✗', unknown: '?' } as const;

/** Each check with its sentence, and below it what to do. */
export function doctorLines(checks: readonly DoctorCheck[], t: Translate): string[] {
  return checks.flatMap(({ verdict, sentence, action, sentenceKey, actionKey, params }) => [
    `${mark[verdict]} ${isMessageKey(sentenceKey) ? t(sentenceKey, withWords(params, t)) : sentence}`,
    ...(action === null
      ? []
      : [
          `    ${actionKey !== null && isMessageKey(actionKey) ? t(actionKey, withWords(params, t)) : action}`,
        ]),
  ]);
}
