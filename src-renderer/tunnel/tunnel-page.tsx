import type { ReactNode } from 'react';
import { durationIn, errorSentences, fineDurationIn } from '../../src-shared/language/translate.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';
import type { Tunnel, TunnelExport } from '../../src-shared/world/tunnel.ts';
import { Course, Manage } from './submariner-course.tsx';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useNow } from '../parts/use-now.ts';
import { CommandProblem } from '../popover/command-problem.tsx';
import { useCommand } from '../run-command.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { hopsOf } from './hop-view.ts';

/** What connects the clusters: the path with each hop's state and age, and the services that go over it. */
export function TunnelPage() {
  const { t } = useWords();
  const tunnel = useView((view) => view.world?.tunnel ?? null);
  return (
    <Page>
      <PageHead title={t('page.tunnel')} />
      <CommandProblem />
      {tunnel === null ? (
        <p className="dim sentence">{t('cli.tunnel.none')}</p>
      ) : (
        <>
          <Path tunnel={tunnel} />
          {tunnel.operation !== null && <Course operation={tunnel.operation} />}
          {tunnel.operation === null && <Manage tunnel={tunnel} />}
          {tunnel.exports.length > 0 && <Exports exports={tunnel.exports} />}
          {tunnel.imports.length > 0 && <Imports {...tunnel} />}
        </>
      )}
    </Page>
  );
}

const tones = { connected: 'ok', connecting: 'warn', error: 'bad', none: 'dim', unknown: 'dim' } as const;
const glyphs = { ok: '✓', warn: '…', bad: '✕', dim: '–' } as const;

function Path({ tunnel }: { readonly tunnel: Tunnel }) {
  const { t } = useWords();
  const now = useNow();
  const { kind, state, why, problem, exports, imports } = tunnel;
  const isEmpty = kind === 'lan' && exports.length === 0 && imports.length === 0;
  const age = (at: string | null): string =>
    at === null ? '' : t('tunnel.answered', { duration: durationIn(t, Math.max(0, now - Date.parse(at))) });
  return (
    <section className="card" aria-labelledby="tunnel-title">
      <header className="card-head">
        <h2 id="tunnel-title">{t(`tunnel.kind.${kind}`)}</h2>
        <span className={`state ${tones[state]}`}>{t(`tunnel.state.${state}`)}</span>
      </header>
      <p className="dim sentence">{t(`tunnel.why.${why}`)}</p>
      {problem !== null && <ProblemLines problem={problem} />}
      {isEmpty && <p className="sentence">{t('tunnel.empty')}</p>}
      <ul className="nodes">
        {hopsOf(tunnel).map(({ id, tone, address, rttMs, seenAt }) => (
          <li key={id}>
            <span className={`glyph ${tone}`} aria-hidden>
              {glyphs[tone]}
            </span>
            <span className="name">{t(`tunnel.hop.${id}`)}</span>
            <span className="value">
              {[address, rttMs === null ? null : fineDurationIn(t, rttMs), age(seenAt)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ProblemLines({ problem }: { readonly problem: Problem }) {
  const { t } = useWords();
  const { message, hint } = errorSentences(problem, t);
  return (
    <>
      <p className="sentence bad">{message}</p>
      <p className="sentence next">{hint}</p>
    </>
  );
}

function Exports({ exports }: { readonly exports: readonly TunnelExport[] }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  return (
    <section className="card" aria-labelledby="exports-title">
      <header className="card-head">
        <h2 id="exports-title">{t('tunnel.exports')}</h2>
      </header>
      <ul className="nodes">
        {exports.map(({ namespace, name, state, problem }) => (
          <Service key={`${namespace}/${name}`} name={`${namespace}/${name}`} problem={problem}>
            <span className={`value ${state === 'ready' ? 'ok' : 'warn'}`}>
              {t(`tunnel.export.${state}`)}
            </span>
            <button
              type="button"
              className="link"
              disabled={running}
              aria-label={t('tunnel.unexport.named', { name: `${namespace}/${name}` })}
              onClick={() => void run('tunnel.unexport', { namespace, name })}
            >
              {t('tunnel.unexport')}
            </button>
          </Service>
        ))}
      </ul>
    </section>
  );
}

function Imports({ imports, names }: Pick<Tunnel, 'imports' | 'names'>) {
  const { t } = useWords();
  return (
    <section className="card" aria-labelledby="imports-title">
      <header className="card-head">
        <h2 id="imports-title">{t('tunnel.imports')}</h2>
      </header>
      <ul className="nodes">
        {imports.map(({ namespace, name, state, problem, clusterName, addresses }) => (
          <Service
            key={`${namespace}/${name}`}
            name={clusterName ?? `${namespace}/${name}`}
            detail={clusterName === null ? addresses.join(', ') : ''}
            problem={problem}
          >
            <span className={`value ${state === 'ready' ? 'ok' : 'warn'}`}>
              {t(`tunnel.import.${state}`)}
            </span>
          </Service>
        ))}
      </ul>
      <Names names={names} />
    </section>
  );
}

/** Names need a block in the DNS of this cluster, which is asked for once. */
function Names({ names }: Pick<Tunnel, 'names'>) {
  const { t } = useWords();
  const { run, running } = useCommand();
  if (names === 'taken') return <ProblemLines problem={{ code: 'namesTaken', params: {} }} />;
  if (names !== 'off') return null;
  return (
    <>
      <p className="dim sentence">{t('tunnel.names.ask')}</p>
      <button
        type="button"
        className="link"
        disabled={running}
        onClick={() => void run('settings.set', { key: 'tunnel.names', value: true })}
      >
        {t('tunnel.names.allow')}
      </button>
    </>
  );
}

function Service(props: {
  readonly name: string;
  readonly detail?: string;
  readonly problem: Problem | null;
  readonly children: ReactNode;
}) {
  return (
    <>
      <li>
        <span className="name" title={props.name}>
          {props.name}
        </span>
        {props.detail !== undefined && props.detail !== '' && <span className="tag">{props.detail}</span>}
        {props.children}
      </li>
      {props.problem !== null && (
        <li>
          <ProblemLines problem={props.problem} />
        </li>
      )}
    </>
  );
}
