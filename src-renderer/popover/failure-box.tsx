import { isErrorCode } from '../../src-shared/errors/codes.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import type { ClusterFailure } from '../../src-shared/world/clusters.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useWords } from '../words.ts';

/** When it failed and what to do next; what failed and why stands in the headline. */
export function FailureBox({ failure }: { readonly failure: ClusterFailure }) {
  const { t, say } = useWords();
  const { code, params, at } = failure;
  const next = isErrorCode(code) ? errorSentences({ code, params }, t).hint : code;
  return (
    <ProblemBox tone="bad" title={say(sentence('failure.at', { failedAt: at }))}>
      <p>{next}</p>
    </ProblemBox>
  );
}
