import { useEffect, useState } from 'react';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import type { Sentence } from '../../src-shared/world/sentence.ts';
import type { TandemError } from '../../src-shared/errors/result.ts';
import { bridge } from '../bridge.ts';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import type { Tone } from '../parts/tone.ts';
import { openReport } from '../view-store.ts';
import { useWords } from '../words.ts';
import { byDay, clockTime } from './by-day.ts';
import { hasReport } from './handoff-words.ts';
import { historyWords } from './history-words.ts';

const SHOWN = 50;
const GLYPHS: Readonly<Record<Tone, string>> = { ok: '✓', warn: '!', bad: '✕', dim: '·' };

type Loaded = { readonly records: readonly HistoryRecord[] } | { readonly error: TandemError } | null;

/** What happened and why, newest first. */
export function HistoryPage() {
  const { t } = useWords();
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    void bridge.call('history.list', { limit: SHOWN }).then((result) => {
      setLoaded(result.ok ? { records: result.value.records.toReversed() } : { error: result.error });
      return result.ok;
    });
  }, []);
  return (
    <Page>
      <PageHead title={t('page.history')} />
      {loaded !== null && 'error' in loaded && (
        <p className="dim">{errorSentences(loaded.error, t).message}</p>
      )}
      {loaded !== null && 'records' in loaded && <Records records={loaded.records} />}
    </Page>
  );
}

function Records({ records }: { readonly records: readonly HistoryRecord[] }) {
  const { t, isToday } = useWords();
  if (records.length === 0) return <p className="dim">{t('history.empty')}</p>;
  return byDay(records).map(({ day, records }) => (
    <section key={day} className="card" aria-labelledby={`day-${day}`}>
      <h2 id={`day-${day}`} className="day">
        {isToday(day) ? t('history.today') : day}
      </h2>
      <ol className="history">
        {records.map((record) => (
          <RecordRow key={record.id} record={record} />
        ))}
      </ol>
    </section>
  ));
}

function RecordRow({ record }: { readonly record: HistoryRecord }) {
  const { t, say } = useWords();
  const { tone, what, why } = historyWords(record);
  const spoken = (part: Sentence | string): string => (typeof part === 'string' ? part : say(part));
  return (
    <li>
      <time dateTime={record.at}>{clockTime(record.at)}</time>
      <span className={`glyph ${tone}`} aria-hidden>
        {GLYPHS[tone]}
      </span>
      <span className="what">
        {spoken(what)}
        {why !== null && <small>{spoken(why)}</small>}
      </span>
      {hasReport(record) && (
        <button
          type="button"
          className="link report-link"
          aria-label={`${t('page.report')}: ${spoken(what)}, ${clockTime(record.at)}`}
          onClick={() => openReport(record.id)}
        >
          {t('page.report')}
        </button>
      )}
    </li>
  );
}
