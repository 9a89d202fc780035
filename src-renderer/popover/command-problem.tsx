import { errorSentences } from '../../src-shared/language/translate.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { showFailure, useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** What the last command came to, when it failed; a refusal for memory is told by the cluster's card instead. */
export function CommandProblem() {
  const { t } = useWords();
  const failure = useView((view) => view.failure);
  if (failure === null || failure.code === 'memoryRefused') return null;
  const { message, hint } = errorSentences(failure, t);
  return (
    <ProblemBox tone="bad" title={message} alert>
      <p>{hint}</p>
      <button type="button" className="link" onClick={() => showFailure(null)}>
        {t('notices.dismiss')}
      </button>
    </ProblemBox>
  );
}
