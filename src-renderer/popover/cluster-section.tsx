import { useEffect, useState, type ReactNode } from 'react';
import type { Admission, Cluster } from '../../src-shared/world/clusters.ts';
import { liveFailure, notLookedYet, primaryFirst } from '../../src-shared/world/state-sentence.ts';
import type { World } from '../../src-shared/world/world.ts';
import { bridge } from '../bridge.ts';
import { ElsewhereRow } from '../cluster/elsewhere-row.tsx';
import { useView } from '../view-store.ts';
import { ActionRow } from './action-row.tsx';
import { AdmissionVerdict } from './admission-verdict.tsx';
import { ClusterCard } from './cluster-card.tsx';
import { actionFor } from './cluster-view.ts';
import { CreateForm } from './create-form.tsx';
import { FailureBox } from './failure-box.tsx';
import { OtherClusters } from './other-clusters.tsx';
import { StartAnyway, type Refused } from './start-anyway.tsx';

/** The cluster that Start and Stop mean, what happens to it, and what can be done about it. */
export function ClusterSection(props: {
  readonly world: World;
  /** What stands between the cluster and what can be done: the other Mac, on the core. */
  readonly children?: ReactNode;
}) {
  const { world, children } = props;
  const [primary, ...others] = primaryFirst(world);
  const name = primary?.name ?? world.primaryCluster;
  const refusal = useView((view) => (view.failure?.code === 'memoryRefused' ? view.failure : null));
  const admission = useAdmission(primary);
  const [confirming, setConfirming] = useState<Refused | null>(null);
  const refused = refusal !== null || admission?.verdict === 'refuse';
  // Before the first look nobody knows what is there: a form to create something would be wrong.
  const action = notLookedYet(world) ? 'none' : actionFor(primary, refused);
  const failure = primary ? liveFailure(primary) : null;
  return (
    <>
      {primary && primary.state !== 'absent' && <ClusterCard cluster={primary} runtime={world.runtime} />}
      {failure !== null && <FailureBox failure={failure} />}
      {(action === 'start' || action === 'startAnyway' || action === 'create') && (
        <AdmissionVerdict admission={admission} refusal={refusal} />
      )}
      {confirming !== null && <StartAnyway refused={confirming} onEnd={() => setConfirming(null)} />}
      {action === 'create' && confirming === null && (
        <>
          <CreateForm
            world={world}
            refused={refusal !== null}
            onAnyway={(choice) => setConfirming({ verb: 'create', name, ...choice })}
          />
          <ElsewhereRow />
        </>
      )}
      <OtherClusters clusters={others} />
      {children}
      {confirming === null && (
        <ActionRow
          world={world}
          name={name}
          action={action}
          onAnyway={() => setConfirming({ verb: 'start', name })}
        />
      )}
    </>
  );
}

/** What the memory guard would say to a start now: asked when the popover opens on a stopped cluster. */
function useAdmission(cluster: Cluster | undefined): Admission | null {
  const [asked, setAsked] = useState<{ answer: Admission; told: Admission | null } | null>(null);
  const name = cluster?.name;
  const stopped = cluster?.state === 'stopped' && cluster.operation === null;
  const told = cluster?.admission ?? null;
  useEffect(() => {
    if (!stopped || name === undefined) return;
    let current = true;
    void bridge.call('cluster.admission', { name }).then((result) => {
      if (current && result.ok) setAsked({ answer: result.value, told });
      return result.ok;
    });
    return () => {
      current = false;
    };
  }, [name, stopped, told]);
  if (!stopped) return null;
  // What a start was told since is newer than what was asked.
  return asked !== null && asked.told === told ? asked.answer : told;
}
