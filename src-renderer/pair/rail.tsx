import type { Peer } from '../../src-shared/world/peer.ts';
import { linkSentence } from '../../src-shared/world/peer-sentence.ts';
import { openPage } from '../view-store.ts';
import { useWords } from '../words.ts';

/** The link between the two cards: its line tells the state by shape, its words say it. */
export function Rail({ peer }: { readonly peer: Peer }) {
  const { t, say } = useWords();
  const { link, quality } = peer;
  const words = [
    say(linkSentence(peer)),
    (link === 'up' || link === 'suspect') && quality !== null
      ? t('peer.quality', { quality: t(`quality.${quality}`) })
      : '',
  ];
  return (
    <section className={`rail ${railState(peer)}`} aria-label={t('peer.linkLabel')}>
      <span className="rail-line" aria-hidden />
      <p className="sentence">{words.filter(Boolean).join(' · ')}</p>
      <button type="button" className="link" onClick={() => openPage('link')}>
        {t('link.open')}
      </button>
    </section>
  );
}

/** A line that stands but carries something wrong is amber, not green. */
export function railState({ link, class: breakClass }: Peer): string {
  return link === 'up' && breakClass === 'ONE_WAY' ? 'suspect' : link;
}
