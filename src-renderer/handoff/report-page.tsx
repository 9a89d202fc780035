import { useEffect, useState } from 'react';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import { bridge } from '../bridge.ts';
import { clockTime } from '../history/by-day.ts';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Signal } from '../parts/signal.tsx';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { ReportSteps, Timeline } from './report-steps.tsx';
import { reportOf, reportReasons, reportRows, reportTitle, type ReportView } from './report-view.ts';

/** Reports are few: the newest records hold those that a person can ask for. */
const LOOKED_THROUGH = 1000;

type Loaded = HistoryRecord | 'missing' | null;

/** How a departure, a loss or a return went: figures, steps, what was cut, and what each decision rested on. */
export function ReportPage() {
  const { t } = useWords();
  const id = useView((view) => view.reportId);
  const from = useView((view) => view.reportFrom);
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    void bridge.call('history.list', { limit: LOOKED_THROUGH }).then((result) => {
      setLoaded(
        (result.ok ? result.value.records.find((record) => record.id === id) : undefined) ?? 'missing',
      );
      return result.ok;
    });
  }, [id]);
  const report = loaded === null || loaded === 'missing' ? null : reportOf(loaded);
  return (
    <Page>
      <PageHead title={t('page.report')} back={from} />
      {loaded !== null && report === null && <Elsewhere id={id} />}
      {report !== null && <Report report={report} />}
    </Page>
  );
}

/** The core keeps the report; of the last one this Mac knows the steps. */
function Elsewhere({ id }: { readonly id: string | null }) {
  const { t } = useWords();
  const handoff = useView((view) => view.world?.handoff ?? null);
  const name = useView((view) => view.world?.peer?.name ?? null);
  const steps = handoff !== null && handoff.lastReport === id ? handoff.steps : [];
  return (
    <>
      {steps.length > 0 && <Steps report={{ steps }} />}
      <p className="dim">{t('report.missing', { name: name ?? t('peer.other') })}</p>
    </>
  );
}

function Steps({ report }: { readonly report: Pick<ReportView, 'steps'> }) {
  const { t } = useWords();
  return (
    <section className="card" aria-labelledby="report-steps">
      <h2 id="report-steps">{t('steps.title')}</h2>
      <Timeline report={report} />
      <ReportSteps report={report} />
    </section>
  );
}

function severityOf({ outcome }: ReportView): 'ok' | 'warn' | 'bad' {
  if (outcome === 'offline' || outcome === 'serving') return 'ok';
  return outcome === 'lost' ? 'bad' : 'warn';
}

function Report({ report }: { readonly report: ReportView }) {
  const { t, say } = useWords();
  const why = reportReasons(report).map((reason) => say(reason));
  const notes = [
    clockTime(report.startedAt),
    ...why,
    ...(report.planned ? [] : [t('report.unplanned')]),
    ...(report.noPeer ? [t('report.noPeer')] : []),
  ];
  return (
    <>
      <div className="verdict-row">
        <Signal severity={severityOf(report)} />
        <div>
          <strong>{say(reportTitle(report))}</strong>
          <p className="dim">{notes.join(' · ')}</p>
        </div>
      </div>
      <Problem report={report} />
      <section className="card" aria-label={t('report.figures')}>
        <dl className="facts">
          {reportRows(report).map(({ label, value, tone }) => (
            <div key={label.key}>
              <dt>{say(label)}</dt>
              <dd className={tone === 'warn' ? 'warn' : ''}>{say(value)}</dd>
            </div>
          ))}
        </dl>
      </section>
      {report.steps.length > 0 && <Steps report={report} />}
      <Cut report={report} />
      <Evidence report={report} />
    </>
  );
}

function Problem({ report }: { readonly report: ReportView }) {
  const { t } = useWords();
  const world = useView((view) => view.world);
  if (report.problem === null) return null;
  const names = world === null ? {} : namesOf(world);
  const { message, hint } = errorSentences(
    { ...report.problem, params: { ...names, ...report.problem.params } },
    t,
  );
  return (
    <ProblemBox tone="warn" title={message}>
      <p>{hint}</p>
    </ProblemBox>
  );
}

function Cut({ report: { cut, cutCount } }: { readonly report: ReportView }) {
  const { t, say } = useWords();
  if (cut.length === 0) return null;
  return (
    <section className="card" aria-labelledby="report-cut">
      <h2 id="report-cut">{t('report.cut')}</h2>
      <ul className="report-list">
        {cut.map(({ method, path, ageMs }, index) => (
          <li key={`${index} ${path}`}>
            <span className="name" title={`${method} ${path}`}>{`${method} ${path}`}</span>
            <span className="time">{say(sentence('report.cut.age', { ageFineMs: ageMs }))}</span>
          </li>
        ))}
      </ul>
      {cutCount > cut.length && (
        <p className="dim">{t('report.cut.more', { count: cutCount - cut.length })}</p>
      )}
    </section>
  );
}

/** Written by the engine at the time, in English. */
function Evidence({ report: { evidence } }: { readonly report: ReportView }) {
  const { t } = useWords();
  if (evidence.length === 0) return null;
  return (
    <details className="card">
      <summary>
        <h2>{t('report.evidence')}</h2>
      </summary>
      <ol className="history report-evidence" lang="en">
        {evidence.map(({ at, what }, index) => (
          <li key={`${index} ${at}`}>
            <time dateTime={at}>{clockTime(at)}</time>
            <span className="what">{what}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
