import type { Cluster, ClusterNode } from '../../src-shared/world/clusters.ts';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import { whySentence } from '../../src-shared/world/state-sentence.ts';
import { workloadSentences } from '../../src-shared/world/workload-sentence.ts';
import { useNow } from '../parts/use-now.ts';
import { useWords } from '../words.ts';
import { memoryNote, nodeLabel, standsIn, stateTone } from './cluster-view.ts';
import { RuntimeLine } from './runtime-line.tsx';
import { Steps } from './steps.tsx';
import { ageWords } from './vitals-view.ts';

/** A cluster: its name, what it is made of, its nodes, and the operation that runs on it. */
export function ClusterCard(props: {
  readonly cluster: Cluster;
  /** What it stands in; null when that is not known, or of no matter here. */
  readonly runtime?: Runtime | null;
}) {
  const { cluster, runtime = null } = props;
  const { t, say } = useWords();
  const { nodes } = cluster;
  const up = cluster.state !== 'stopped' && nodes.length > 0;
  const made = [
    t(`cluster.provider.${cluster.provider}`),
    ...(up || nodes.length === 0 ? [] : [t('cluster.count', { count: nodes.length })]),
  ].join(' · ');
  const state = t(`state.${cluster.state}`);
  const why = cluster.operation === null ? whySentence(cluster) : null;
  const tight = memoryNote(cluster);
  const age = ageWords(cluster, t, useNow());
  return (
    <section className="card" aria-labelledby="cluster-title">
      <header className="card-head">
        <h2 id="cluster-title">{cluster.name}</h2>
        <span className="tag">{made}</span>
        <span className={`state ${stateTone(cluster)}`}>{[state, age].filter(Boolean).join(' · ')}</span>
      </header>
      {why && <p className="dim sentence">{say(why)}</p>}
      {tight !== null && <p className="dim sentence">{t(tight)}</p>}
      {cluster.operation !== null ? (
        <Steps operation={cluster.operation} />
      ) : (
        up && (
          <>
            <Nodes cluster={cluster} />
            <Trouble cluster={cluster} />
          </>
        )
      )}
      {runtime !== null && standsIn(cluster, runtime) && <RuntimeLine runtime={runtime} />}
    </section>
  );
}

/** Pods that fail or find no node; nothing while all is well. */
function Trouble({ cluster: { workload } }: { readonly cluster: Cluster }) {
  const { t, say } = useWords();
  const sentences = workload === undefined ? [] : workloadSentences(workload);
  if (sentences.length === 0) return null;
  return (
    <ul className="nodes" aria-label={t('workload.title')}>
      {sentences.map((one) => {
        const words = say(one);
        return (
          <li key={words}>
            <span className="name warn" title={words}>
              {words}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Nodes({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useWords();
  return (
    <ul className="nodes" aria-label={t('cluster.nodes')}>
      {cluster.nodes.map((node) => (
        <li key={node.name}>
          <span className={`glyph ${glyphTone(node)}`} aria-hidden>
            {node.ready === null ? '?' : node.ready ? '✓' : '✕'}
          </span>
          <span className="name" title={node.name}>
            {nodeLabel(cluster, node)}
          </span>
          <span className="visually-hidden">{t(readyKey(node))}</span>
          {!nodeLabel(cluster, node).startsWith(node.role) && (
            <span className="tag">{t(`cluster.role.${node.role}`)}</span>
          )}
          <span className="value">{node.pods === null ? '' : t('cluster.pods', { count: node.pods })}</span>
        </li>
      ))}
    </ul>
  );
}

function glyphTone({ ready }: ClusterNode): string {
  return ready === null ? 'dim' : ready ? 'ok' : 'bad';
}

function readyKey({ ready }: ClusterNode) {
  return ready === null ? 'cluster.ready.unknown' : ready ? 'cluster.ready.yes' : 'cluster.ready.no';
}
