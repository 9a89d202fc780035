import type { Peer } from '../../src-shared/world/peer.ts';
import { linkSentence } from '../../src-shared/world/peer-sentence.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import type { World } from '../../src-shared/world/world.ts';
import { railState } from '../pair/rail.tsx';
import { useNow } from '../parts/use-now.ts';
import { openPage } from '../view-store.ts';
import { useWords } from '../words.ts';
import { ShareBar } from './share-bar.tsx';
import { lostCount, shareView } from './share-view.ts';

/** The link between the two cards, and the requests that go to either. */
export function TrafficRail(props: {
  readonly world: World;
  readonly peer: Peer;
  readonly traffic: Traffic;
}) {
  const { world, peer, traffic } = props;
  const { t, say } = useWords();
  const view = shareView(world, traffic, useNow());
  const lost = world.handoff === null || world.handoff.state === 'SERVING' ? null : lostCount(world.handoff);
  return (
    <section className={`rail ways ${railState(peer)}`} aria-label={t('peer.linkLabel')}>
      <span className="rail-line" aria-hidden />
      <div>
        <ShareBar view={view} />
        <p className="ways-text">
          <span>
            {say(view.rate)}
            {lost !== null && (
              <span
                className={lost > 0 ? 'warn' : ''}
              >{` · ${say(sentence('traffic.lost', { count: lost }))}`}</span>
            )}
          </span>
          <span className="way">
            {/* What kind of break it is stands in the headline or its box. */}
            {peer.link === 'down' ? t('link.rail.down') : say(linkSentence(peer))}
            <button type="button" className="link" onClick={() => openPage('link')}>
              {t('link.open')}
            </button>
          </span>
        </p>
      </div>
    </section>
  );
}
