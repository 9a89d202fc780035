import { isMessageKey } from '../language/translate.ts';
import type { PodContainer } from '../pod-report.ts';
import { sentence, type Sentence } from './sentence.ts';

/** What is the matter with a container: why, how it ended, how often it was begun anew. */
export function containerSentences({ why, exitCode, restarts }: PodContainer): Sentence[] {
  return [
    why === null ? sentence('pod.notReady') : sentence('pod.why', { why }),
    ...(exitCode === null ? [] : [sentence('pod.exit', { code: exitCode })]),
    ...(restarts === 0 ? [] : [sentence('pod.restarts', { count: restarts })]),
  ];
}

/** What stands above a container's log, or in its place. */
export function logSentence({ log, previous, problem }: PodContainer): Sentence {
  if (log === null && problem === null) return sentence('pod.log.never');
  if (log === null) {
    const key = `why.${problem}`;
    return isMessageKey(key)
      ? sentence('pod.log.problem', { problemKey: key, name: '' })
      : sentence('pod.log.problem', { problem: problem ?? '?' });
  }
  if (log === '') return sentence(previous ? 'pod.log.previousEmpty' : 'pod.log.empty');
  return sentence(previous ? 'pod.log.previous' : 'pod.log');
}
