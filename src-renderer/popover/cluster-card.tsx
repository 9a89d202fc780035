import type { Cluster, Operation, StepStatus } from '../../src-shared/world/clusters.ts';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import { slowSentence } from '../../src-shared/world/slow-sentence.ts';
import { whySentence } from '../../src-shared/world/state-sentence.ts';
import { systemPodsInTrouble } from '../../src-shared/world/system-pods.ts';
import { workloadSentences } from '../../src-shared/world/workload-sentence.ts';
import { useNow } from '../parts/use-now.ts';
import { openCluster } from '../view-store.ts';
import { useWords } from '../words.ts';
import { glyphTone, memoryNote, nodeLabel, readyKey, standsIn, stateTone } from './cluster-view.ts';
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
      {cluster.operation !== null && <Course operation={cluster.operation} />}
      {cluster.operation === null && up && (
        <>
          <Nodes cluster={cluster} />
          <Trouble cluster={cluster} />
        </>
      )}
      {runtime !== null && standsIn(cluster, runtime) && <RuntimeLine runtime={runtime} />}
      <DetailsLink name={cluster.name} />
    </section>
  );
}

function DetailsLink({ name }: { readonly name: string }) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="link more"
      aria-label={t('cluster.details.named', { name })}
      onClick={() => openCluster(name)}
    >
      {t('cluster.details')}
    </button>
  );
}

/** The steps of what is done now, and why that takes so long. */
export function Course({ operation }: { readonly operation: Operation }) {
  return (
    <>
      <Steps operation={operation} />
      <WhySlow steps={operation.steps} />
    </>
  );
}

/** The step that is most above its usual time; nothing when none is, or too little is known. */
export function WhySlow({ steps }: { readonly steps: readonly StepStatus[] }) {
  const { say } = useWords();
  const why = slowSentence(steps);
  return why === null ? null : <p className="sentence warn why-slow">{say(why)}</p>;
}

/** Pods that fail or find no node; nothing while all is well. */
function Trouble({ cluster: { name, workload } }: { readonly cluster: Cluster }) {
  const { t, say } = useWords();
  const sentences = workload === undefined ? [] : workloadSentences(workload);
  if (sentences.length === 0) return null;
  const own = systemPodsInTrouble(workload).map((pod) => pod.name);
  return (
    <ul className="nodes" aria-label={t('workload.title')}>
      {sentences.map((one) => {
        const words = say(one);
        const pod = own.find((each) => each === one.params['name']);
        return (
          <li key={words}>
            {pod === undefined ? (
              <span className="name warn" title={words}>
                {words}
              </span>
            ) : (
              <button
                type="button"
                className="link name"
                title={words}
                onClick={() => openCluster(name, pod)}
              >
                {words}
                <span className="visually-hidden"> {t('pod.open')}</span>
              </button>
            )}
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
