import { handoffVerbs } from '../../src-shared/world/handoff-verbs.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { useCommand } from '../run-command.ts';
import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** Whether things happen by themselves, and the way to what happened. */
export function Footer() {
  const { t, say } = useWords();
  const { run } = useCommand();
  const automation = useView((view) => view.world?.automation ?? null);
  const canLeave = useView(
    ({ world }) => world?.handoff != null && handoffVerbs(world.handoff).includes('leave'),
  );
  const paused = automation?.pausedUntil ?? null;
  return (
    <footer>
      <span>{automation && say(automationSentence(automation))}</span>
      {paused !== null && (
        <button type="button" className="link" onClick={() => void run('automation.resume', {})}>
          {t('automation.resume')}
        </button>
      )}
      {canLeave && (
        <button type="button" className="link" onClick={() => openPage('dryRun')}>
          {t('dryRun.open.link')}
        </button>
      )}
      <button type="button" className="link" onClick={() => openPage('history')}>
        {t('page.history')}
      </button>
    </footer>
  );
}

export function automationSentence({ enabled, pausedUntil }: World['automation']) {
  if (!enabled) return sentence('automation.off');
  return pausedUntil === null
    ? sentence('automation.on')
    : sentence('automation.paused', { untilAt: pausedUntil });
}
