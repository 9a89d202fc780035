import type { Handoff } from '../../src-shared/world/handoff.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { useNow } from '../parts/use-now.ts';
import { useWords } from '../words.ts';
import { stepViews, type StepView } from './step-view.ts';

const GLYPHS: Readonly<Record<StepView['status'], string>> = {
  waiting: '○',
  running: '●',
  done: '✓',
  cut: '✂',
  failed: '✕',
  skipped: '–',
};
/** More than these does not fit beside a popover that must not scroll; the report has them all. */
const FACTS_SHOWN = 2;

/** The steps of a departure, a loss or a return, each with what it measured. */
export function HandoffSteps(props: {
  readonly world: World;
  readonly handoff: Handoff;
  /** Only what went wrong says what it measured. */
  readonly brief?: boolean;
}) {
  const { world, handoff, brief = false } = props;
  const { t, say } = useWords();
  const nowMs = useNow(1000);
  const names = namesOf(world);
  return (
    <ol className="steps close" aria-label={t('steps.title')}>
      {stepViews(handoff, nowMs).map(({ step, status, time, facts }) => (
        <li
          key={step}
          className={status}
          {...(status === 'running' ? { 'aria-current': 'step' as const } : {})}
        >
          <span className="glyph" aria-hidden>
            {GLYPHS[status]}
          </span>
          <span className="what">
            {say(sentence(`handoff.step.${step}`, names))}
            <span className="visually-hidden"> {t(`steps.status.${status}`)}</span>
            {status !== 'waiting' && !(brief && status === 'done') && facts.length > 0 && (
              <small>
                {facts
                  .slice(0, FACTS_SHOWN)
                  .map((fact) => say(fact))
                  .join(' · ')}
              </small>
            )}
          </span>
          {time && <span className="time">{say(time)}</span>}
        </li>
      ))}
    </ol>
  );
}
