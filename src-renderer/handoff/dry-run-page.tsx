import { useEffect, useState } from 'react';
import type { DryRun } from '../../src-shared/commands/handoff.ts';
import { errorSentences, isMessageKey, type Translate } from '../../src-shared/language/translate.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { handoffVerbs } from '../../src-shared/world/handoff-verbs.ts';
import type { TandemError } from '../../src-shared/errors/result.ts';
import type { World } from '../../src-shared/world/world.ts';
import { bridge } from '../bridge.ts';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Signal } from '../parts/signal.tsx';
import { CommandProblem } from '../popover/command-problem.tsx';
import { useCommand } from '../run-command.ts';
import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { dryRunView } from './dry-run-view.ts';

type Answer = { readonly found: DryRun } | { readonly error: TandemError } | null;

/** What would happen if this edge left now; measured when the page opens. */
export function DryRunPage() {
  const { t } = useWords();
  const world = useView((view) => view.world);
  const [answer, setAnswer] = useState<Answer>(null);
  useEffect(() => {
    void bridge.call('handoff.dryRun', {}).then((result) => {
      setAnswer(result.ok ? { found: result.value } : { error: result.error });
      return result.ok;
    });
  }, []);
  if (world === null) return null;
  return (
    <Page>
      <PageHead title={world.role === 'core' ? t('page.dryRun.core', namesOf(world)) : t('page.dryRun')} />
      <CommandProblem />
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output may not hold lists */}
      <div className="page" role="status" aria-live="polite">
        {answer === null && <p className="dim">{t('dryRun.asking')}</p>}
        {answer !== null && 'error' in answer && <Refused world={world} error={answer.error} />}
        {answer !== null && 'found' in answer && <Found world={world} found={answer.found} />}
      </div>
      <LeaveRow world={world} />
    </Page>
  );
}

function Refused({ world, error }: { readonly world: World; readonly error: TandemError }) {
  const { t } = useWords();
  const { message, hint } = errorSentences({ ...error, params: { ...namesOf(world), ...error.params } }, t);
  return (
    <ProblemBox tone="warn" title={message}>
      <p>{hint}</p>
    </ProblemBox>
  );
}

const SEVERITY = { ok: 'ok', warn: 'warn', unknown: 'unknown' } as const;

function Found({ world, found }: { readonly world: World; readonly found: DryRun }) {
  const { t, say } = useWords();
  const { tone, verdict, rows } = dryRunView(world, found);
  const stuck = found.stuckPods ?? [];
  return (
    <>
      <div className="verdict-row">
        <Signal severity={SEVERITY[tone]} />
        <strong>{say(verdict)}</strong>
      </div>
      {found.problems.map((problem) => (
        <Refused key={problem.code} world={world} error={problem} />
      ))}
      <section className="card" aria-label={t('dryRun.measured')}>
        <dl className="facts">
          {rows.map(({ label, value }) => (
            <div key={label.key}>
              <dt>{say(label)}</dt>
              <dd>{say(value)}</dd>
            </div>
          ))}
        </dl>
        {stuck.length > 0 && (
          <ul className="stuck">
            {stuck.map(({ name, why }) => (
              <li key={name}>
                <span className="name">{name}</span>
                <small>{whyOf(t, why)}</small>
              </li>
            ))}
          </ul>
        )}
      </section>
      <p className="dim small">{t('dryRun.about')}</p>
    </>
  );
}

function LeaveRow({ world }: { readonly world: World }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const canLeave = world.handoff !== null && handoffVerbs(world.handoff).includes('leave');
  const word = t('handoff.leave.action');
  const asked =
    world.role === 'core' && world.peer !== null ? { 'aria-label': `${word}: ${world.peer.name}` } : {};
  return (
    <div className="buttons">
      <button type="button" className="button" onClick={() => openPage('state')}>
        {t('dryRun.stay')}
      </button>
      <button
        type="button"
        className="button primary"
        disabled={!canLeave || running}
        {...asked}
        onClick={() => void run('handoff.leave', { now: true }).then((done) => done && openPage('state'))}
      >
        {word}
      </button>
    </div>
  );
}

/** A reason without words is shown as it came. */
function whyOf(t: Translate, why: string): string {
  const key = `podWhy.${why}`;
  return isMessageKey(key) ? t(key) : why;
}
