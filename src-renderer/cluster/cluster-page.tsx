import { primaryFirst } from '../../src-shared/world/state-sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { Page } from '../parts/page.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { CommandProblem } from '../popover/command-problem.tsx';
import { standsIn } from '../popover/cluster-view.ts';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';
import { ClusterFacts } from './cluster-facts.tsx';
import { ElsewhereCard } from './elsewhere-card.tsx';
import { PodsCard } from './pods-card.tsx';
import { RuntimeCard } from './runtime-card.tsx';

/** All of one cluster: nodes, what is done or was done to it, its own pods in trouble, what it stands in; and others' clusters. */
export function ClusterPage() {
  const { t } = useWords();
  const world = useView((view) => view.world);
  const lost = useView((view) => view.context.engine === 'lost');
  return (
    <Page>
      <PageHead title={t('page.cluster')} />
      <CommandProblem />
      {world !== null && (
        <div className={lost ? 'page stale' : 'page'} inert={lost}>
          <Cards world={world} />
        </div>
      )}
    </Page>
  );
}

function Cards({ world }: { readonly world: World }) {
  const asked = useView((view) => view.cluster.name);
  const pod = useView((view) => view.cluster.pod);
  const known = primaryFirst(world).filter(({ state }) => state !== 'absent');
  const cluster = asked === null ? undefined : known.find(({ name }) => name === asked);
  const names = known.map(({ name }) => name).join(' ');
  const { runtime } = world;
  const pods = cluster !== undefined && <PodsCard cluster={cluster} opened={pod} />;
  const isIts = cluster === undefined || (runtime !== null && standsIn(cluster, runtime));
  return (
    <>
      {/* What was asked for stands first. */}
      {pod !== null && pods}
      {cluster !== undefined && <ClusterFacts key={cluster.name} cluster={cluster} />}
      {pod === null && pods}
      {runtime !== null && runtime.name !== null && isIts && <RuntimeCard runtime={runtime} />}
      {/* Read anew when a cluster came or went. */}
      <ElsewhereCard key={`beside ${names}`} isAlone={cluster === undefined} />
    </>
  );
}
