import { stateSentence } from '../../src-shared/world/state-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { Signal } from '../parts/signal.tsx';
import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** The one sentence, told to screen readers when it changes. */
export function Headline() {
  const { t, say } = useWords();
  const world = useView((view) => view.world);
  const engine = useView((view) => view.context.engine);
  const { severity, headline, detail } = stateSentence(world, engine);
  // While the engine is away, what stands below is old: the second line says how old.
  const lastSeen =
    engine === 'lost' && world !== null ? sentence('popover.lastSeen', { sinceAt: world.at }) : null;
  return (
    <header className="headline">
      <Signal severity={severity} />
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output may not hold a heading */}
      <div role="status" aria-atomic>
        <h1>{say(headline)}</h1>
        {detail && <p>{say(detail)}</p>}
        {lastSeen && <p>{say(lastSeen)}</p>}
      </div>
      <IconButton shape="settings" label={t('page.settings')} onPress={() => openPage('settings')} />
    </header>
  );
}
