import { factSentences } from '../../src-shared/world/fact-sentence.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { timeOf } from './step-view.ts';
import { timeline, type ReportView } from './report-view.ts';

const GLYPHS: Readonly<Record<ReportView['steps'][number]['outcome'], string>> = {
  running: '●',
  done: '✓',
  cut: '✂',
  failed: '✕',
  skipped: '–',
};

/** The steps as one bar, as long as they took. The list below says the same in words. */
export function Timeline({ report }: { readonly report: Pick<ReportView, 'steps'> }) {
  return (
    <div className="timeline" aria-hidden>
      {timeline(report).map(({ step, tone, percent }, index) => (
        <i key={`${index} ${step}`} className={tone} style={{ flexGrow: percent }} />
      ))}
    </div>
  );
}

/** Every step with everything that it measured. */
export function ReportSteps({ report }: { readonly report: Pick<ReportView, 'steps'> }) {
  const { t, say } = useWords();
  const world = useView((view) => view.world);
  const names = world === null ? { coreKey: 'peer.other', edgeKey: 'peer.other' } : namesOf(world);
  return (
    <ol className="steps">
      {report.steps.map((one, index) => {
        const time = timeOf(one, Date.parse(one.startedAt));
        const facts = factSentences(one.facts).map((fact) => say(fact));
        return (
          <li key={`${index} ${one.step}`} className={one.outcome}>
            <span className="glyph" aria-hidden>
              {GLYPHS[one.outcome]}
            </span>
            <span className="what">
              {say(sentence(`handoff.step.${one.step}`, names))}
              <span className="visually-hidden"> {t(`steps.status.${one.outcome}`)}</span>
              {facts.length > 0 && <small>{facts.join(' · ')}</small>}
            </span>
            {time && <span className="time">{say(time)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
