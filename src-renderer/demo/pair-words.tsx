import { clusterSentence, isOld, linkSentence } from '../../src-shared/world/peer-sentence.ts';
import { stateSentence } from '../../src-shared/world/state-sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** How the pair is, in words: the one sentence of the core, its hand-off, and what is known of the edge. */
export function PairWords({ world }: { readonly world: World }) {
  const { t, say } = useWords();
  const engine = useView((view) => view.context.engine);
  const { headline, detail } = stateSentence(world, engine);
  const { handoff, traffic, peer } = world;
  // What a silent edge said before is no state of now.
  const [cluster] = peer === null || isOld(peer) ? [] : (peer.clusters ?? []);
  const edge = [
    ...(peer === null ? [] : [say(linkSentence(peer))]),
    ...(cluster === undefined ? [] : [say(clusterSentence(cluster))]),
  ];
  return (
    <section className="card" aria-labelledby="demo-state">
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output may not hold a heading */}
      <div role="status" aria-atomic>
        <h2 id="demo-state" className="sentence">
          {say(headline)}
        </h2>
        {detail && <p className="dim sentence">{say(detail)}</p>}
      </div>
      <ul className="nodes demo-words">
        <li>
          <span>{t('demo.core')}</span>
          <span className="value" data-handoff={handoff?.state}>
            {handoff === null ? t('meter.unknown') : t(`handoff.${handoff.state}`)}
            {traffic !== null && ` · ${t('demo.told', traffic.weights)}`}
          </span>
        </li>
        <li>
          <span>{t('demo.edge')}</span>
          <span className="value">{edge.length === 0 ? t('meter.unknown') : edge.join(' · ')}</span>
        </li>
      </ul>
    </section>
  );
}
