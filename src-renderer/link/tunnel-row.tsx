import { openPage, useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** The way to the tunnel's page, with how it is. */
export function TunnelRow() {
  const { t } = useWords();
  const tunnel = useView((view) => view.world?.tunnel ?? null);
  if (tunnel === null) return null;
  const words = { kind: t(`tunnel.kind.${tunnel.kind}`), state: t(`tunnel.state.${tunnel.state}`) };
  return (
    <button type="button" className="link pair-row" onClick={() => openPage('tunnel')}>
      {t('tunnel.open', words)}
    </button>
  );
}
