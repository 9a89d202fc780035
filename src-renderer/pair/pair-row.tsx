import type { Pairing } from '../../src-shared/world/peer.ts';
import { openPage } from '../view-store.ts';
import { useWords } from '../words.ts';

/** The quiet way to pairing; it speaks up only while a pairing waits for this person. */
export function PairRow({ pairing }: { readonly pairing: Pairing | null }) {
  const { t } = useWords();
  const open = (): void => openPage('pairing');
  if (pairing === null || pairing.stage === 'done' || pairing.stage === 'failed')
    return pairing?.stage === 'done' ? null : (
      <button type="button" className="link pair-row" onClick={open}>
        {t('peer.unpaired.row')}
      </button>
    );
  const compare = pairing.stage === 'compare';
  return (
    <div className={`notice ${compare ? 'warning' : 'info'}`}>
      <div>
        <strong>{t(compare ? 'pair.continue.compare' : 'pair.continue.other')}</strong>
      </div>
      <button type="button" className="link" onClick={open}>
        {t('pair.continue')}
      </button>
    </div>
  );
}
