import type { Cluster, PastOperation } from '../../src-shared/world/clusters.ts';
import { sentence } from '../../src-shared/world/sentence.ts';
import { whySentence } from '../../src-shared/world/state-sentence.ts';
import { useNow } from '../parts/use-now.ts';
import { Course, WhySlow } from '../popover/cluster-card.tsx';
import { nodeLabel, stateTone } from '../popover/cluster-view.ts';
import { Steps } from '../popover/steps.tsx';
import { ageWords } from '../popover/vitals-view.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';
import { CopyKubeconfig } from './copy-kubeconfig.tsx';
import { nodeNote, nodeTone } from './node-view.ts';

/** A cluster, its nodes with their age, and what is done to it, or was done last. */
export function ClusterFacts({ cluster }: { readonly cluster: Cluster }) {
  const { t, say } = useWords();
  const { name, provider, state, operation, lastOperation } = cluster;
  const why = operation === null ? whySentence(cluster) : null;
  const age = ageWords(cluster, t, useNow());
  return (
    <section className="card" aria-labelledby="cluster-title">
      <header className="card-head">
        <h2 id="cluster-title">{name}</h2>
        <span className="tag">{t(`cluster.provider.${provider}`)}</span>
        <span className={`state ${stateTone(cluster)}`}>
          {[t(`state.${state}`), age].filter(Boolean).join(' · ')}
        </span>
      </header>
      {why !== null && <p className="dim sentence">{say(why)}</p>}
      {operation !== null && <Running cluster={cluster} />}
      <Nodes cluster={cluster} />
      {operation === null && lastOperation !== undefined && <Last operation={lastOperation} />}
      {provider !== 'embedded' && <CopyKubeconfig name={name} />}
    </section>
  );
}

const GLYPHS = { ok: '✓', bad: '✕', warn: '?', dim: '○' } as const;

function Nodes({ cluster }: { readonly cluster: Cluster }) {
  const { t, say } = useWords();
  if (cluster.nodes.length === 0) return null;
  return (
    <ul className="nodes facts-list" aria-label={t('cluster.nodes')}>
      {cluster.nodes.map((node) => {
        const tone = nodeTone(cluster, node);
        const label = nodeLabel(cluster, node);
        return (
          <li key={node.name}>
            <span className={`glyph ${tone}`} aria-hidden>
              {GLYPHS[tone]}
            </span>
            <span className="what">
              <span title={node.name}>{label}</span>
              {!label.startsWith(node.role) && <span className="tag"> {t(`cluster.role.${node.role}`)}</span>}
              <small>{say(nodeNote(cluster, node))}</small>
            </span>
            <span className="value">{node.pods === null ? '' : t('cluster.pods', { count: node.pods })}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** What is done to it now: the steps, why it takes so long, the time left, and the way out. */
function Running({ cluster: { name, operation } }: { readonly cluster: Cluster }) {
  const { t, say } = useWords();
  const { run, running } = useCommand();
  if (operation === null) return null;
  const { etaMs, cancelling } = operation;
  return (
    <div className="course">
      <Course operation={operation} />
      {etaMs !== null && !cancelling && <p className="dim">{say(sentence('steps.left', { etaMs }))}</p>}
      <div className="buttons">
        <button
          type="button"
          className="button"
          disabled={running || cancelling}
          aria-label={t('action.named.cancel', { name })}
          onClick={() => void run('cluster.cancel', { name })}
        >
          {t('action.cancel')}
        </button>
      </div>
    </div>
  );
}

/** What was done last: how long in all, why so long, and each step. */
function Last({ operation }: { readonly operation: PastOperation }) {
  const { say } = useWords();
  const { verb, outcome, elapsedMs, steps } = operation;
  return (
    <details className="part" open={outcome === 'failed'}>
      <summary>{say(sentence(`last.${outcome}.${verb}`, { tookMs: elapsedMs }))}</summary>
      <Steps operation={{ step: null, steps, detail: null }} />
      <WhySlow steps={steps} />
    </details>
  );
}
