import type { Operation, StepStatus } from '../../src-shared/world/clusters.ts';
import { isMessageKey } from '../../src-shared/language/translate.ts';
import { useWords } from '../words.ts';
import { stepTime } from './cluster-view.ts';

const GLYPHS: Readonly<Record<StepStatus['status'], string>> = {
  waiting: '○',
  running: '●',
  done: '✓',
  failed: '✕',
  skipped: '–',
};

/** The steps of a running operation, each with what it took or usually takes. */
export function Steps(props: {
  /** `step` and `detail` are null of one that is over. */
  readonly operation: Pick<Operation, 'steps' | 'detail'> & { readonly step: string | null };
}) {
  const { operation } = props;
  const { t } = useWords();
  return (
    <ol className="steps" aria-label={t('steps.title')}>
      {operation.steps.map((step) => (
        <Step key={step.step} step={step} detail={step.step === operation.step ? operation.detail : null} />
      ))}
    </ol>
  );
}

function Step({ step, detail }: { readonly step: StepStatus; readonly detail: string | null }) {
  const { t, say } = useWords();
  const key = `step.${step.step}`;
  const time = stepTime(step);
  return (
    <li className={step.status} {...(step.status === 'running' ? { 'aria-current': 'step' as const } : {})}>
      <span className="glyph" aria-hidden>
        {GLYPHS[step.status]}
      </span>
      <span className="what">
        {isMessageKey(key) ? t(key) : step.step}
        <span className="visually-hidden"> {t(`steps.status.${step.status}`)}</span>
        {detail !== null && <small>{detail}</small>}
      </span>
      {time && <span className={step.slow ? 'time warn' : 'time'}>{say(time)}</span>}
    </li>
  );
}
