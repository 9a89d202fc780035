import { useState } from 'react';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { liveFailure, notLookedYet, primaryFirst } from '../../src-shared/world/state-sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { ElsewhereRow } from '../cluster/elsewhere-row.tsx';
import { AdmissionVerdict } from '../popover/admission-verdict.tsx';
import { ClusterCard } from '../popover/cluster-card.tsx';
import { memoryNote } from '../popover/cluster-view.ts';
import { CreateForm } from '../popover/create-form.tsx';
import { FailureBox } from '../popover/failure-box.tsx';
import { OtherClusters } from '../popover/other-clusters.tsx';
import { StartAnyway, type Refused } from '../popover/start-anyway.tsx';
import { useView } from '../view-store.ts';
import { useWords } from '../words.ts';

/** This Mac's cluster in a pair: only what is not said by its card's head. */
export function PairCluster({ world, handoff }: { readonly world: World; readonly handoff: Handoff }) {
  const { t } = useWords();
  const [primary, ...others] = primaryFirst(world);
  const name = primary?.name ?? world.primaryCluster;
  const refusal = useView((view) => (view.failure?.code === 'memoryRefused' ? view.failure : null));
  const [confirming, setConfirming] = useState<Refused | null>(null);
  const [creating, setCreating] = useState(false);
  const failure = primary === undefined ? null : liveFailure(primary);
  const isMissing = !notLookedYet(world) && (primary === undefined || primary.state === 'absent');
  return (
    <>
      {primary !== undefined && tellsMore(primary, handoff) && (
        <ClusterCard cluster={primary} runtime={world.runtime} />
      )}
      {failure !== null && <FailureBox failure={failure} />}
      {refusal !== null && confirming === null && (
        <>
          <AdmissionVerdict admission={null} refusal={refusal} />
          {!isMissing && (
            <div className="buttons">
              <button type="button" className="button" onClick={() => setConfirming({ verb: 'start', name })}>
                {t('action.startAnyway')}
              </button>
            </div>
          )}
        </>
      )}
      {confirming !== null && <StartAnyway refused={confirming} onEnd={() => setConfirming(null)} />}
      {isMissing && !creating && (
        <button type="button" className="link pair-row" onClick={() => setCreating(true)}>
          {t('menu.create')}
        </button>
      )}
      {isMissing && creating && confirming === null && (
        <CreateForm
          world={world}
          refused={refusal !== null}
          onAnyway={(choice) => setConfirming({ verb: 'create', name, ...choice })}
        />
      )}
      {isMissing && confirming === null && <ElsewhereRow />}
      <OtherClusters clusters={others} />
    </>
  );
}

/** An operation by itself, nodes that are not ready, a reason: what the head has no room for. */
function tellsMore(cluster: Cluster, { state }: Handoff): boolean {
  if (cluster.operation !== null) return state !== 'RELEASED' && state !== 'RETURNING';
  return ['degraded', 'partial', 'unknown'].includes(cluster.state) || memoryNote(cluster) !== null;
}
