import type { World } from '../../src-shared/world/world.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';
import type { ClusterAction } from './cluster-view.ts';
import { lidLine } from './lid-line.ts';
import { LidText } from './lid-text.tsx';

/** The one action that fits now, and beside it, always, whether the lid may be closed. */
export function ActionRow(props: {
  readonly world: World;
  readonly name: string;
  readonly action: ClusterAction;
  onAnyway(): void;
}) {
  const { world, name, action, onAnyway } = props;
  const { t } = useWords();
  const { run, running } = useCommand();
  const act = (): void => {
    if (action === 'startAnyway') return onAnyway();
    if (action === 'start' || action === 'stop' || action === 'cancel')
      void run(`cluster.${action}`, { name });
  };
  // A start answers when it has ended: meanwhile the button is Cancel's.
  const busy = running && action !== 'cancel';
  if ((action === 'none' || action === 'create') && lidLine(world) === null) return null;
  return (
    <div className="action-row">
      {action !== 'none' && action !== 'create' && (
        <button
          type="button"
          className={action === 'start' ? 'button primary' : 'button'}
          disabled={busy}
          aria-label={
            action === 'startAnyway' ? t('action.startAnyway') : t(`action.named.${action}`, { name })
          }
          onClick={act}
        >
          {t(`action.${action}`)}
        </button>
      )}
      <LidText world={world} />
    </div>
  );
}
