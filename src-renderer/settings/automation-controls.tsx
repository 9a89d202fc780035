import { useId } from 'react';
import { durationIn } from '../../src-shared/language/translate.ts';
import { parseDuration } from '../../src-shared/units.ts';
import type { World } from '../../src-shared/world/world.ts';
import { automationSentence } from '../popover/footer.tsx';
import { useCommand } from '../run-command.ts';
import { refreshSettings, useView } from '../view-store.ts';
import { useWords } from '../words.ts';

const PAUSES = ['30m', '1h', '4h', '24h'] as const;

/** On, off, or paused for a while. */
export function AutomationControls() {
  const { t } = useWords();
  const { run } = useCommand();
  const id = useId();
  const automation = useView((view) => view.world?.automation ?? null);
  if (automation === null) return null;
  const { enabled } = automation;
  const switchTo = async (value: boolean): Promise<void> => {
    await run('settings.set', { key: 'automation.enabled', value });
    await refreshSettings();
  };
  return (
    <section className="card form" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('settings.automation')}</h2>
      <div className="field-row">
        <label htmlFor={id}>{t('setting.automation.enabled')}</label>
        <input
          id={id}
          type="checkbox"
          className="switch"
          checked={enabled}
          onChange={(event) => void switchTo(event.target.checked)}
        />
      </div>
      <p className="dim">{t('settings.automation.about')}</p>
      {enabled && <PauseRow automation={automation} />}
    </section>
  );
}

function PauseRow({ automation }: { readonly automation: World['automation'] }) {
  const { t, say } = useWords();
  const { run } = useCommand();
  if (automation.pausedUntil !== null)
    return (
      <div className="field-row">
        <span>{say(automationSentence(automation))}</span>
        <button type="button" className="link" onClick={() => void run('automation.resume', {})}>
          {t('automation.resume')}
        </button>
      </div>
    );
  return (
    <div className="field-row">
      <span>{t('settings.pauseFor')}</span>
      <span className="control">
        {PAUSES.map((duration) => (
          <button
            key={duration}
            type="button"
            className="link"
            onClick={() => void run('automation.pause', { duration })}
          >
            {durationIn(t, parseDuration(duration) ?? 0)}
          </button>
        ))}
      </span>
    </div>
  );
}
