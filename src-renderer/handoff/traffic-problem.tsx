import { errorSentences } from '../../src-shared/language/translate.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import type { World } from '../../src-shared/world/world.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useWords } from '../words.ts';

/** What is wrong with the front. While nothing answers the headline says what, and this what to do. */
export function TrafficProblem({ world, traffic }: { readonly world: World; readonly traffic: Traffic }) {
  const { t } = useWords();
  const { problem, state } = traffic;
  if (problem === null) return null;
  const { message, hint } = errorSentences(
    { ...problem, params: { ...namesOf(world), ...problem.params } },
    t,
  );
  const down = state === 'down';
  return (
    <ProblemBox tone={down ? 'bad' : 'warn'} title={down ? t('handoff.next') : message}>
      <p>{hint}</p>
    </ProblemBox>
  );
}
