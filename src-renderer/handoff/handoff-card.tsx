import { assertNever } from '../../src-shared/assert-never.ts';
import { errorSentences } from '../../src-shared/language/translate.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useNow } from '../parts/use-now.ts';
import { openReport } from '../view-store.ts';
import { useWords } from '../words.ts';
import { awayView } from './away-view.ts';
import { CountdownCard } from './countdown-card.tsx';
import { HandoffSteps } from './handoff-steps.tsx';

interface Shown {
  readonly world: World;
  readonly handoff: Handoff;
}

/** What belongs to the state of the hand-off: a countdown, steps, what a return waits for, why it holds. */
export function HandoffCard({ world, handoff }: Shown) {
  switch (handoff.state) {
    case 'SERVING':
    case 'SUSPECT':
      return null;
    case 'WARNED':
      return handoff.countdownEndsAt === null ? (
        <Warned world={world} handoff={handoff} />
      ) : (
        <CountdownCard world={world} handoff={handoff} endsAt={handoff.countdownEndsAt} />
      );
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
      return (
        <div className="card">
          <HandoffSteps world={world} handoff={handoff} />
        </div>
      );
    case 'OFFLINE':
    case 'LOST':
      return <Away world={world} handoff={handoff} />;
    case 'RETURNING':
      return <Returning world={world} handoff={handoff} />;
    case 'HOLD':
      return <Held world={world} handoff={handoff} />;
    default:
      return assertNever(handoff.state);
  }
}

/** No countdown: on the edge the headline speaks of its battery or heat, and this of what the core does about it. */
function Warned({ world, handoff }: Shown) {
  const { say } = useWords();
  if (world.role !== 'edge' || handoff.delayedUntil !== null || world.host.vitals.stage === 'ok') return null;
  return <p className="quiet-row">{say(sentence('handoff.preWarm', namesOf(world)))}</p>;
}

/** Out: what it cost, and what its return waits for. */
function Away({ world, handoff }: Shown) {
  const { t, say } = useWords();
  const { summary, reasons, waits } = awayView(world, handoff, useNow());
  const { lastReport } = handoff;
  if (summary === null && waits === null) return null;
  return (
    <div className="card away">
      {waits && <p>{say(waits)}</p>}
      {reasons.length > 0 && (
        <ul aria-label={t('handoff.reasons')}>
          {reasons.map((reason) => (
            <li key={reason.key}>{say(reason)}</li>
          ))}
        </ul>
      )}
      {summary && (
        <p className="away-summary">
          <span>{say(summary)}</span>
          {lastReport !== null && (
            <button type="button" className="link" onClick={() => openReport(lastReport)}>
              {t('page.report')}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** On the way back: what is being tried, and what it still needs. */
function Returning({ world, handoff }: Shown) {
  const { say } = useWords();
  const trial = handoff.returning;
  const needs =
    trial === null || trial.requestsNeeded === 0
      ? null
      : sentence(trial.untilAt === null ? 'handoff.trial' : 'handoff.trial.until', {
          share: trial.share,
          requests: Math.min(trial.requests, trial.requestsNeeded),
          needed: trial.requestsNeeded,
          ...(trial.untilAt === null ? {} : { untilAt: trial.untilAt }),
        });
  const percent =
    trial === null || trial.requestsNeeded === 0 ? null : (trial.requests / trial.requestsNeeded) * 100;
  return (
    <div className="card returning">
      <HandoffSteps world={world} handoff={handoff} />
      {percent !== null && (
        <div className="bar" aria-hidden>
          <i className="ok" style={{ width: `${Math.min(100, percent)}%` }} />
        </div>
      )}
      {needs && <p className="dim">{say(needs)}</p>}
    </div>
  );
}

/** Why it does not go on by itself, how far it came, and what to do. */
function Held({ world, handoff }: Shown) {
  const { t } = useWords();
  const { hold } = handoff;
  const words =
    hold === null ? null : errorSentences({ ...hold, params: { ...namesOf(world), ...hold.params } }, t);
  return (
    <>
      {/* What holds it stands in the headline. */}
      {words !== null && (
        <ProblemBox tone="warn" title={t('handoff.next')}>
          <p>{words.hint}</p>
        </ProblemBox>
      )}
      {handoff.steps.length > 0 && (
        <div className="card">
          <HandoffSteps world={world} handoff={handoff} brief />
        </div>
      )}
    </>
  );
}
