import type { Peer } from '../../src-shared/world/peer.ts';
import { clusterSentence, isOld, seenSentence, toldSentence } from '../../src-shared/world/peer-sentence.ts';
import type { Vitals } from '../../src-shared/world/vitals.ts';
import { HeatMeter } from '../parts/heat-meter.tsx';
import { Meter } from '../parts/meter.tsx';
import { useNow } from '../parts/use-now.ts';
import { stateTone } from '../popover/cluster-view.ts';
import { isHot } from '../popover/vitals-card.tsx';
import { batteryReading, heatReading, memoryReading, toneOf } from '../popover/vitals-view.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';

const DRAIN_PERCENT = 25;

/** The other Mac as it told of itself: faded, with its age, when that is not how it is now. */
export function PeerCard(props: {
  readonly peer: Peer;
  readonly atIso: string;
  /** Only what matters of its heat. */
  readonly brief?: boolean;
}) {
  const { peer, atIso, brief = false } = props;
  const { t, say } = useWords();
  const nowMs = useNow(isOld(peer) ? 1000 : undefined);
  const old = isOld(peer);
  const told = toldSentence(peer, atIso, nowMs);
  const [cluster] = peer.clusters ?? [];
  const clusterWords = cluster === undefined ? t('peer.noCluster') : say(clusterSentence(cluster));
  const below = [old && peer.clusters !== null ? clusterWords : '', told === null ? '' : say(told)]
    .filter(Boolean)
    .join(' · ');
  return (
    <section className={old ? 'card peer stale' : 'card peer'} aria-labelledby="peer-title">
      <header className="card-head">
        <h2 id="peer-title">{peer.name}</h2>
        <span className="tag">{t(`peer.role.${peer.role}`)}</span>
        {old ? (
          <span className="state dim">{say(seenSentence(peer, atIso, nowMs))}</span>
        ) : (
          peer.clusters !== null && (
            <span className={`state ${cluster === undefined ? 'dim' : stateTone(cluster)}`}>
              {clusterWords}
            </span>
          )
        )}
      </header>
      {peer.vitals === null ? (
        <p className="dim sentence">{t('peer.nothing')}</p>
      ) : (
        <PeerMeters
          vitals={peer.vitals}
          nowMs={nowMs}
          oldSince={old ? peer.toldAt : null}
          heat={!brief || isHot(peer.vitals)}
        />
      )}
      {below !== '' && <p className="dim sentence">{below}</p>}
    </section>
  );
}

/** Its memory, battery and heat; no pictures, for this Mac keeps no record of another's. */
function PeerMeters(props: {
  readonly vitals: Vitals;
  readonly nowMs: number;
  /** When it was told, once that is old; by this Mac's clock, for the other one may go wrong. */
  readonly oldSince: string | null;
  readonly heat: boolean;
}) {
  const { vitals, nowMs, oldSince, heat } = props;
  const { t } = useWords();
  const drainPercent = useView((view) => view.settings?.stages.battery.drainPercent ?? DRAIN_PERCENT);
  const aged = <Fact extends object>(fact: Fact): Fact =>
    oldSince === null ? fact : { ...fact, sampledAt: oldSince, stale: true };
  const { memory, battery, thermal } = vitals;
  return (
    <>
      {memory !== null && (
        <Meter
          label={t('meter.memory')}
          reading={memoryReading(aged(memory), toneOf(vitals, 'memory'), t, nowMs)}
          picture={null}
        />
      )}
      {battery !== null && (
        <Meter
          label={t('meter.battery')}
          reading={batteryReading(aged(battery), toneOf(vitals, 'battery'), drainPercent, t, nowMs)}
          mark={{ percent: drainPercent, label: t('meter.drainLine', { percent: drainPercent }) }}
          picture={null}
        />
      )}
      {heat && thermal !== null && oldSince === null && (
        <HeatMeter
          label={t('meter.heat')}
          level={thermal.level}
          reading={heatReading(thermal, toneOf(vitals, 'thermal'), t, nowMs)}
          picture={null}
        />
      )}
    </>
  );
}
