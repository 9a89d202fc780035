import { errorSentences, fineDurationIn } from '../../src-shared/language/translate.ts';
import type { Wake, WakeLine } from '../../src-shared/world/wake.ts';
import { useNow } from '../parts/use-now.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { wakeLinesShown } from './wake-view.ts';

const tones = { looking: 'warn', ok: 'ok', recovered: 'ok', problem: 'bad', unknown: 'dim' } as const;
const glyphs = { looking: '…', ok: '✓', recovered: '✓', problem: '✕', unknown: '?' } as const;

/** After a sleep: what came back and what did not, in the order in which each stands on the one before. */
export function WakeCard() {
  const wake = useView((view) => view.world?.wake ?? null);
  // Without one nothing has an age.
  return wake === null ? null : <Lines wake={wake} />;
}

function Lines({ wake }: { readonly wake: Wake }) {
  const { t } = useWords();
  const lines = wakeLinesShown(wake, useNow());
  if (lines.length === 0) return null;
  return (
    <section className="card" aria-labelledby="wake-title">
      <header className="card-head">
        <h2 id="wake-title">{t('wake.title')}</h2>
      </header>
      <ul className="nodes">
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line: { id, verdict, problem, tookMs } }: { readonly line: WakeLine }) {
  const { t } = useWords();
  const sentences = problem === null ? null : errorSentences(problem, t);
  const after = verdict === 'recovered' && tookMs !== null ? ` · ${fineDurationIn(t, tookMs)}` : '';
  return (
    <>
      <li>
        <span className={`glyph ${tones[verdict]}`} aria-hidden>
          {glyphs[verdict]}
        </span>
        <span className="name">{t(`wake.${id}`)}</span>
        <span className="value">{`${t(`wake.verdict.${verdict}`)}${after}`}</span>
      </li>
      {sentences !== null && (
        <li>
          <div>
            <p className="sentence bad">{sentences.message}</p>
            <p className="sentence next">{sentences.hint}</p>
          </div>
        </li>
      )}
    </>
  );
}
