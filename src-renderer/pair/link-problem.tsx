import { errorSentences } from '../../src-shared/language/translate.ts';
import type { OwnLink } from '../../src-shared/world/peer.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useWords } from '../words.ts';

/** What keeps this Mac's own end of the link from working; what has a row or a headline of its own is not told twice. */
export function LinkProblem({ link }: { readonly link: OwnLink }) {
  const { t } = useWords();
  const { problem } = link;
  if (problem === null || problem.code === 'noNetwork' || problem.code === 'networkNotHome') return null;
  const { message, hint } = errorSentences(problem, t);
  return (
    <ProblemBox tone="warn" title={message}>
      <p>{hint}</p>
    </ProblemBox>
  );
}
