import { errorSentences, fineDurationIn, type Translate } from '../../src-shared/language/translate.ts';
import type { Wake } from '../../src-shared/world/wake.ts';

const mark = { looking: '…', ok: '✓', recovered: '✓', problem: '✗', unknown: '?' } as const;

/** One line for each thing that was looked at after the sleep, and below it what to do. */
export function wakeLines({ lines }: Wake, t: Translate): string[] {
  return lines.flatMap(({ id, verdict, problem, tookMs }) => {
    const after = verdict === 'recovered' && tookMs !== null ? `  ${fineDurationIn(t, tookMs)}` : '';
    const head = `${mark[verdict]} ${t(`wake.${id}`)} · ${t(`wake.verdict.${verdict}`)}${after}`;
    if (problem === null) return [head];
    const { message, hint } = errorSentences(problem, t);
    return [head, `    ${message}`, `    ${hint}`];
  });
}
