import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { isMoving } from '../../src-shared/world/handoff-verbs.ts';
import { clusterSentence } from '../../src-shared/world/peer-sentence.ts';
import { primaryFirst } from '../../src-shared/world/state-sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { actionFor, stateTone } from '../popover/cluster-view.ts';
import { BatteryRow, HeatRow, isHot, MemoryRow } from '../popover/vitals-card.tsx';
import { useCommand } from '../run-command.ts';
import { openCluster } from '../view-store.ts';
import { useWords } from '../words.ts';

/** This Mac beside the other one: its cluster in the head, its meters, and no more than fits. */
export function OwnCard({ world, handoff }: { readonly world: World; readonly handoff: Handoff }) {
  const { t, say } = useWords();
  const cluster = primaryFirst(world).find(({ state }) => state !== 'absent');
  const lost = handoff.state === 'LOST' && world.peer?.link === 'down';
  const busy = lost || isMoving(handoff) || ['RELEASED', 'RETURNING', 'HOLD'].includes(handoff.state);
  return (
    <section className="card" aria-labelledby="vitals-title">
      <header className="card-head">
        <h2 id="vitals-title">{world.host.name}</h2>
        <span className="tag">{t(`role.${world.role}`)}</span>
        <span className={`state ${cluster === undefined ? 'dim' : stateTone(cluster)}`}>
          {cluster === undefined ? t('peer.noCluster') : say(clusterSentence(cluster))}
        </span>
      </header>
      <MemoryRow world={world} />
      <BatteryRow world={world} />
      {(!busy || isHot(world.host.vitals)) && <HeatRow world={world} />}
      {cluster !== undefined && !busy && <ClusterFoot cluster={cluster} />}
    </section>
  );
}

/** The cluster by itself: a departure stops and starts it too. */
function ClusterFoot({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const { name, provider } = cluster;
  const action = actionFor(cluster, false);
  const fits = action === 'start' || action === 'stop' || action === 'cancel';
  return (
    <p className="card-foot">
      <button
        type="button"
        className="link name"
        title={t('cluster.details')}
        aria-label={t('cluster.details.named', { name })}
        onClick={() => openCluster(name)}
      >
        {name}
      </button>
      <span className="tag">{t(`cluster.provider.${provider}`)}</span>
      {fits && (
        <button
          type="button"
          className="link"
          disabled={running && action !== 'cancel'}
          aria-label={t(`action.named.${action}`, { name })}
          onClick={() => void run(`cluster.${action}`, { name })}
        >
          {t(`action.${action}`)}
        </button>
      )}
    </p>
  );
}
