import { openCluster } from '../view-store.ts';
import { useWords } from '../words.ts';

/** The way to clusters that somebody made with the tools themselves: they are asked for there, since it takes a look at Docker. */
export function ElsewhereRow() {
  const { t } = useWords();
  return (
    <button type="button" className="link pair-row" onClick={() => openCluster(null)}>
      {t('elsewhere.open')}
    </button>
  );
}
