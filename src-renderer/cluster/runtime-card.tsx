import { useState } from 'react';
import { formatBytes } from '../../src-shared/units.ts';
import { offerSentence, runtimeTitle, type Runtime } from '../../src-shared/world/runtime.ts';
import type { Translate } from '../../src-shared/language/translate.ts';
import type { Tone } from '../parts/tone.ts';
import { useEscape } from '../parts/use-escape.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';
import { canStop, stopAsk, type StopAsk } from './runtime-ask.ts';

/** What the clusters stand in: how it is, how large its machine, what it holds; its start, and its stop, which is asked about. */
export function RuntimeCard({ runtime }: { readonly runtime: Runtime }) {
  const { t, say } = useWords();
  const offer = offerSentence(runtime);
  return (
    <section className="card" aria-labelledby="runtime-title">
      <header className="card-head">
        <h2 id="runtime-title">{runtimeTitle(runtime)}</h2>
        <span className="tag">{t('runtime.title')}</span>
        <span className={`state ${toneOf(runtime)}`}>{t(`runtime.state.${runtime.state}`)}</span>
      </header>
      <Facts runtime={runtime} />
      {offer !== null && <p className="dim sentence part">{say(offer)}</p>}
      {offer === null && canStop(runtime) && <p className="dim sentence part">{t('runtime.gain')}</p>}
      {canStop(runtime) && <Stop runtime={runtime} />}
      {runtime.startable && <Start name={runtimeTitle(runtime)} />}
    </section>
  );
}

function Start({ name }: { readonly name: string }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  return (
    <div className="buttons part">
      <button
        type="button"
        className="button"
        disabled={running}
        onClick={() => void run('runtime.start', {})}
      >
        {t('runtime.start', { runtime: name })}
      </button>
    </div>
  );
}

/** Asked about where it would end something. */
function Stop({ runtime }: { readonly runtime: Runtime }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const [asking, setAsking] = useState<'not' | 'now' | 'kept'>('not');
  const { request, question } = stopAsk(runtime);
  const name = runtimeTitle(runtime);
  const stop = (): void => {
    setAsking('not');
    void run('runtime.stop', request);
  };
  if (asking === 'now' && question !== null)
    return <StopQuestion name={name} question={question} onStop={stop} onKeep={() => setAsking('kept')} />;
  return (
    <div className="buttons part">
      <button
        type="button"
        className="button"
        disabled={running}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the question is gone, and the keyboard goes on from here
        autoFocus={asking === 'kept'}
        onClick={() => (question === null ? stop() : setAsking('now'))}
      >
        {t('runtime.stop', { runtime: name })}
      </button>
    </div>
  );
}

function StopQuestion(props: {
  readonly name: string;
  readonly question: NonNullable<StopAsk['question']>;
  onStop(): void;
  onKeep(): void;
}) {
  const { name, question, onStop, onKeep } = props;
  const { t, say } = useWords();
  useEscape(onKeep);
  return (
    <section className="part form" aria-labelledby="runtime-question">
      <p id="runtime-question">{say(question)}</p>
      <div className="buttons">
        <button
          type="button"
          className="button"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the harmless answer is under the finger
          autoFocus
          onClick={onKeep}
        >
          {t('runtime.ask.no')}
        </button>
        <button type="button" className="button danger" onClick={onStop}>
          {t('runtime.ask.yes', { runtime: name })}
        </button>
      </div>
    </section>
  );
}

/** What is not known is left out. */
function Facts({ runtime }: { readonly runtime: Runtime }) {
  const { t } = useWords();
  return (
    <dl className="facts">
      {factsOf(runtime, t).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ vm, containers }: Runtime, t: Translate): (readonly [string, string])[] {
  const size = vm?.memoryBytes ?? vm?.guestTotalBytes ?? null;
  const others = containers === null ? '' : [containers.others, ...containers.names].join(' · ');
  return [
    ...(size === null ? [] : [[t('runtime.fact.size'), formatBytes(size)] as const]),
    ...(vm?.cpus == null ? [] : [[t('runtime.fact.cpus'), String(vm.cpus)] as const]),
    ...(vm?.touchedBytes == null ? [] : [[t('runtime.fact.held'), formatBytes(vm.touchedBytes)] as const]),
    ...(vm?.learnedBytes == null ? [] : [[t('runtime.fact.learned'), formatBytes(vm.learnedBytes)] as const]),
    ...(containers === null ? [] : [[t('runtime.fact.ours'), String(containers.ours)] as const]),
    ...(containers === null ? [] : [[t('runtime.fact.others'), others] as const]),
  ];
}

function toneOf({ state }: Runtime): Tone {
  if (state === 'running') return 'ok';
  return state === 'stopped' || state === 'missing' ? 'dim' : 'warn';
}
