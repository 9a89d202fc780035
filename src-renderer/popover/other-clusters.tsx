import type { Cluster } from '../../src-shared/world/clusters.ts';
import { useCommand } from '../run-command.ts';
import { openCluster } from '../view-store.ts';
import { useWords } from '../words.ts';
import { actionFor, stateTone } from './cluster-view.ts';

/** Clusters besides the one that Start and Stop mean: a line each. */
export function OtherClusters({ clusters }: { readonly clusters: readonly Cluster[] }) {
  const { t } = useWords();
  if (clusters.length === 0) return null;
  return (
    <section className="card" aria-labelledby="others-title">
      <h2 id="others-title">{t('cluster.others')}</h2>
      <ul className="others">
        {clusters.map((cluster) => (
          <OtherCluster key={cluster.name} cluster={cluster} />
        ))}
      </ul>
    </section>
  );
}

function OtherCluster({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useWords();
  const { run, running } = useCommand();
  const { name, provider, state } = cluster;
  const action = actionFor(cluster, false);
  return (
    <li>
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
      <span className={`state ${stateTone(cluster)}`}>{t(`state.${state}`)}</span>
      {(action === 'start' || action === 'stop' || action === 'cancel') && (
        <button
          type="button"
          className="link"
          disabled={running}
          aria-label={t(`action.named.${action}`, { name })}
          onClick={() => void run(`cluster.${action}`, { name })}
        >
          {t(`action.${action}`)}
        </button>
      )}
    </li>
  );
}
