import { durationIn } from '../../src-shared/language/translate.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { leaveReasonSentence, namesOf } from '../../src-shared/world/handoff-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { useNow } from '../parts/use-now.ts';
import { useCommand } from '../run-command.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { clockOf, COUNTDOWN_SECONDS, DELAY_MINUTES } from './countdown.ts';

/** A departure that begins by itself: why, in how long, and the three choices. */
export function CountdownCard(props: {
  readonly world: World;
  readonly handoff: Handoff;
  readonly endsAt: string;
}) {
  const { world, handoff, endsAt } = props;
  const { say } = useWords();
  const nowMs = useNow(500);
  const leftMs = Math.max(0, Date.parse(endsAt) - nowMs);
  const seconds = useView((view) => view.settings?.handoff.countdownSeconds ?? COUNTDOWN_SECONDS);
  const wholeMs = (seconds * 1000) / world.timeScale;
  const percent = wholeMs === 0 ? 0 : Math.min(100, (leftMs / wholeMs) * 100);
  const title = sentence(`handoff.countdown.${world.role === 'core' ? 'core' : 'edge'}`, namesOf(world));
  return (
    <section className="card countdown" aria-labelledby="countdown-title">
      <header>
        <h2 id="countdown-title">{say(title)}</h2>
        <span className="clock" role="timer" aria-live="off">
          {clockOf(leftMs)}
        </span>
      </header>
      <div className="bar" aria-hidden>
        <i className="warn" style={{ width: `${percent}%` }} />
      </div>
      <p className="dim">{handoff.reasons.map((reason) => say(leaveReasonSentence(reason))).join(' · ')}</p>
      <Choices world={world} />
    </section>
  );
}

function Choices({ world }: { readonly world: World }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const edge = world.role === 'edge';
  const minutes = useView((view) => view.settings?.handoff.delayMinutes ?? DELAY_MINUTES);
  const delay = durationIn(t, (minutes * 60_000) / world.timeScale);
  return (
    <div className="choices">
      <button
        type="button"
        className="button primary"
        disabled={running}
        onClick={() => void run('handoff.leave', { now: true })}
      >
        {t('handoff.goNow')}
      </button>
      {/* Only the edge itself can put it off: the core has no such word for it (src-engine/handoff/room-handlers.ts). */}
      {edge && (
        <button
          type="button"
          className="button"
          disabled={running}
          onClick={() => void run('handoff.delay', {})}
        >
          {t('handoff.delay', { delay })}
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={running}
        onClick={() => void run('handoff.cancel', {})}
      >
        {t('handoff.cancel')}
      </button>
    </div>
  );
}
