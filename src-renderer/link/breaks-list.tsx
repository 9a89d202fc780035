import { useEffect, useState } from 'react';
import type { TandemError } from '../../src-shared/errors/result.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import { breakWords, classDetail } from '../../src-shared/world/peer-sentence.ts';
import type { LinkBreak } from '../../src-shared/world/peer.ts';
import { formatTime } from '../../src-shared/world/sentence.ts';
import { bridge } from '../bridge.ts';
import { useNow } from '../parts/use-now.ts';
import { EvidenceList } from '../pair/evidence-list.tsx';
import { useWords } from '../words.ts';

const SHOWN = 20;

type Loaded = { readonly breaks: readonly LinkBreak[] } | { readonly error: TandemError } | null;

/** The last breaks, newest first; each opens to its evidence, the newest is open. */
export function BreaksList({ name }: { readonly name: string }) {
  const { t } = useWords();
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    let current = true;
    void bridge.call('peer.breaks', { limit: SHOWN }).then((result) => {
      if (current) setLoaded(result.ok ? { breaks: result.value.breaks } : { error: result.error });
      return result.ok;
    });
    return () => {
      current = false;
    };
  }, []);
  return (
    <section className="card" aria-labelledby="breaks-title">
      <header className="card-head">
        <h2 id="breaks-title">{t('breaks.title')}</h2>
      </header>
      {loaded !== null && 'error' in loaded && (
        <p className="dim">{errorSentences(loaded.error, t).message}</p>
      )}
      {loaded !== null && 'breaks' in loaded && <Breaks breaks={loaded.breaks} name={name} />}
    </section>
  );
}

function Breaks({ breaks, name }: { readonly breaks: readonly LinkBreak[]; readonly name: string }) {
  const { t } = useWords();
  if (breaks.length === 0) return <p className="dim">{t('breaks.none')}</p>;
  return (
    <ul className="breaks">
      {breaks.map((one, index) => (
        <li key={one.id}>
          <details open={index === 0}>
            <BreakRow one={one} name={name} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function BreakRow({ one, name }: { readonly one: LinkBreak; readonly name: string }) {
  const { t, say } = useWords();
  const nowMs = useNow();
  const words = breakWords(one, name);
  const known = one.finalClass ?? one.class;
  return (
    <>
      <summary>
        <span className={`glyph ${toneOf(one)}`} aria-hidden>
          {known === 'LEFT' ? '○' : '✕'}
        </span>
        <span className="what">
          <b>{say(words.title)}</b>
          <small>
            <time dateTime={one.startedAt}>{formatTime(one.startedAt, new Date(nowMs))}</time>
            {` · ${say(words.lasted)}`}
          </small>
        </span>
      </summary>
      <div className="break-body">
        {words.likely !== null && <p>{say(words.likely)}</p>}
        {words.corrected !== null && <p>{say(words.corrected)}</p>}
        <EvidenceList groups={words.groups} />
        {words.groups.length === 0 && <p className="dim">{t('evidence.none')}</p>}
        <p className="dim">{say(classDetail(known, name))}</p>
        <p className="dim sentence">{say(words.decided)}</p>
      </div>
    </>
  );
}

function toneOf({ class: first, finalClass, endedAt }: LinkBreak): string {
  if ((finalClass ?? first) === 'LEFT') return 'dim';
  return endedAt === null ? 'bad' : 'warn';
}
