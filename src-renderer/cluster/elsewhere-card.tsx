import { useEffect, useState } from 'react';
import type { Output } from '../../src-shared/commands/registry.ts';
import type { TandemError } from '../../src-shared/errors/result.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import { bridge } from '../bridge.ts';
import { useEscape } from '../parts/use-escape.ts';
import { stateTone } from '../popover/cluster-view.ts';
import { useCommand } from '../run-command.ts';
import { openCluster } from '../view-store.ts';
import { useWords } from '../words.ts';

type Elsewhere = Output<'cluster.list'>['others'][number];
type Loaded = { readonly others: readonly Elsewhere[] } | { readonly error: TandemError } | null;

/** Two tools may each have one of that name. */
const idOf = ({ provider, name }: Elsewhere): string => `${provider} ${name}`;

/** Clusters that the tools have here and Tandem does not know; each can be taken in, with consent. */
export function ElsewhereCard(props: {
  /** Nothing else is on the page: then that there are none is said, too. */
  readonly isAlone: boolean;
}) {
  const { isAlone } = props;
  const { t } = useWords();
  const loaded = useElsewhere();
  const [asked, setAsked] = useState<string | null>(null);
  const [kept, setKept] = useState<string | null>(null);
  const keep = (): void => {
    setKept(asked);
    setAsked(null);
  };
  const others = loaded !== null && 'others' in loaded ? loaded.others : [];
  if (loaded === null || (others.length === 0 && !isAlone)) return null;
  return (
    <section className="card" aria-labelledby="elsewhere-title">
      <header className="card-head">
        <h2 id="elsewhere-title">{t('elsewhere.title')}</h2>
      </header>
      {'error' in loaded && <p className="dim">{errorSentences(loaded.error, t).message}</p>}
      {'others' in loaded && others.length === 0 && <p className="dim">{t('elsewhere.none')}</p>}
      <ul className="others">
        {others.map((one) => (
          <li key={idOf(one)} className={asked === idOf(one) ? 'asked' : undefined}>
            {asked === idOf(one) ? (
              <Consent one={one} onKeep={keep} />
            ) : (
              <Row one={one} isKept={kept === idOf(one)} onAsk={() => setAsked(idOf(one))} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Asked once when the page opens: it takes a look at Docker. */
function useElsewhere(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(null);
  useEffect(() => {
    let current = true;
    void bridge.call('cluster.list', {}).then((result) => {
      if (current) setLoaded(result.ok ? { others: result.value.others } : { error: result.error });
      return result.ok;
    });
    return () => {
      current = false;
    };
  }, []);
  return loaded;
}

function Row(props: { readonly one: Elsewhere; readonly isKept: boolean; onAsk(): void }) {
  const { one, isKept, onAsk } = props;
  const { t } = useWords();
  const { name, provider, nodes, state } = one;
  const made = [t(`cluster.provider.${provider}`), t('cluster.count', { count: nodes })].join(' · ');
  return (
    <>
      <span className="name" title={name}>
        {name}
      </span>
      <span className="tag">{made}</span>
      <span className={`state ${stateTone(one)}`}>{t(`state.${state}`)}</span>
      <button
        type="button"
        className="link"
        aria-label={t('adopt.named', { name })}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the question is gone, and the keyboard goes on from here
        autoFocus={isKept}
        onClick={onAsk}
      >
        {t('adopt.verb')}
      </button>
    </>
  );
}

/** From then on it is stopped and started here: nothing that happens unasked. */
function Consent({ one: { name, provider }, onKeep }: { readonly one: Elsewhere; onKeep(): void }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  useEscape(onKeep);
  const adopt = async (): Promise<void> => {
    if (await run('cluster.adopt', { name, provider, yes: true })) openCluster(name);
  };
  return (
    <section className="form" aria-labelledby="adopt-question">
      <p id="adopt-question">{t('adopt.ask', { name })}</p>
      <div className="buttons">
        <button
          type="button"
          className="button"
          disabled={running}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the harmless answer is under the finger
          autoFocus
          onClick={onKeep}
        >
          {t('adopt.no')}
        </button>
        <button type="button" className="button" disabled={running} onClick={() => void adopt()}>
          {t('adopt.yes')}
        </button>
      </div>
    </section>
  );
}
