import type { OwnLink } from '../../src-shared/world/peer.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/** On a network that is not the pairing's: may Tandem listen here? Asked once; a No can be taken back. */
export function NetworkQuestion({ link, paired }: { readonly link: OwnLink; readonly paired: boolean }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const answer = (trust: boolean): void => void run('peer.network', { trust });
  if (!paired) return null;
  if (link.network === 'refused')
    return (
      <div className="quiet-row">
        <span>{t('network.refused')}</span>
        <button type="button" className="link" disabled={running} onClick={() => answer(true)}>
          {t('network.allow')}
        </button>
      </div>
    );
  if (link.network !== 'other') return null;
  return (
    <section className="problem warn" aria-labelledby="network-title">
      <strong id="network-title">{t('network.ask')}</strong>
      <p>{t('network.ask.detail')}</p>
      {link.router !== null && <p className="dim">{t('network.ask.router', { router: link.router })}</p>}
      <div className="buttons">
        <button type="button" className="button" disabled={running} onClick={() => answer(false)}>
          {t('network.no')}
        </button>
        <button type="button" className="button" disabled={running} onClick={() => answer(true)}>
          {t('network.yes')}
        </button>
      </div>
    </section>
  );
}
