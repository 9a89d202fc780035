import { errorSentences } from '../../src-shared/language/translate.ts';
import type { TandemError } from '../../src-shared/errors/result.ts';
import { vmSentence } from '../../src-shared/world/admission-sentence.ts';
import type { Admission } from '../../src-shared/world/clusters.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useWords } from '../words.ts';
import { fitting, fittingOf } from './fit-words.ts';

/** The memory guard's verdict with its numbers: before a start, and after one that it refused. */
export function AdmissionVerdict(props: {
  readonly admission: Admission | null;
  readonly refusal: TandemError | null;
}) {
  const { t, say } = useWords();
  const { admission, refusal } = props;
  const refusedFit = refusal === null ? null : fittingOf(refusal);
  if (admission === null)
    return refusal === null ? null : (
      <ProblemBox tone="bad" title={t('admission.refuse')} alert>
        <p>{errorSentences(refusal, t).message}</p>
        {refusedFit !== null && <p className="next">{say(refusedFit)}</p>}
      </ProblemBox>
    );
  if (admission.verdict === 'fits') return <p className="verdict">{say(numbersOf(admission))}</p>;
  return (
    <ProblemBox
      tone={admission.verdict === 'refuse' ? 'bad' : 'warn'}
      title={t(`admission.${admission.verdict}`)}
    >
      <p>{say(numbersOf(admission))}</p>
      {admission.vm !== undefined && <p>{say(vmSentence(admission.vm))}</p>}
      <ul>
        {admission.because.map((rule) => (
          <li key={rule}>{t(`admission.${rule}`)}</li>
        ))}
      </ul>
      {admission.verdict === 'refuse' && <p className="next">{say(fitting(admission))}</p>}
    </ProblemBox>
  );
}

function numbersOf({ needBytes, availableBytes, verdict }: Admission): Sentence {
  if (availableBytes === null) return sentence('guard.need', { needBytes });
  return sentence(verdict === 'fits' ? 'guard.fits' : 'guard.numbers', { needBytes, availableBytes });
}
