/** Of a pod's spec and status, as the API writes them: what says how it is. */
export interface PodState {
  readonly status?: {
    readonly phase?: string | undefined;
    readonly reason?: string | undefined;
    readonly conditions?:
      | readonly {
          readonly type: string;
          readonly status: string;
          readonly reason?: string | undefined;
          readonly lastTransitionTime?: Date | string | undefined;
        }[]
      | undefined;
    readonly containerStatuses?: readonly ContainerState[] | undefined;
    readonly initContainerStatuses?: readonly ContainerState[] | undefined;
  };
}

interface ContainerState {
  readonly restartCount?: number | undefined;
  readonly state?: {
    readonly waiting?: { readonly reason?: string | undefined } | undefined;
    readonly running?: { readonly startedAt?: Date | string | undefined } | undefined;
  };
}

/**
 * `running`: ready. `starting`: on its way, or not ready yet. `pending`: no node takes it. `failing`: something is wrong
 * with it. `ending`: told to go. `finished`: done, well.
 */
export type PodStanding = 'running' | 'starting' | 'pending' | 'failing' | 'ending' | 'finished';

export interface PodHealth {
  readonly standing: PodStanding;
  /** As the API names it, such as `CrashLoopBackOff`; null when there is nothing to say. */
  readonly why: string | null;
  readonly restarts: number;
}

/** What a container waits for in the ordinary course of things (kubernetes, pkg/kubelet/kubelet_pods.go). */
const usual: readonly string[] = ['ContainerCreating', 'PodInitializing'];

/** How a pod is, by the words that `kubectl get pods` has for it (kubernetes, pkg/printers/internalversion, printPod). */
export function podHealth({ status }: PodState, isEnding: boolean): PodHealth {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const restarts = containers.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  return { ...standingAndWhy(status, containers, isEnding), restarts };
}

function standingAndWhy(
  status: PodState['status'],
  containers: readonly ContainerState[],
  isEnding: boolean,
): Pick<PodHealth, 'standing' | 'why'> {
  if (isEnding) return { standing: 'ending', why: null };
  if (status?.phase === 'Succeeded') return { standing: 'finished', why: null };
  if (status?.phase === 'Failed') return { standing: 'failing', why: status.reason ?? 'Failed' };
  const trouble = containers
    .map(({ state }) => state?.waiting?.reason)
    .find((reason) => reason !== undefined && !usual.includes(reason));
  if (trouble !== undefined) return { standing: 'failing', why: trouble };
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  const scheduled = condition('PodScheduled');
  if (scheduled?.status === 'False') return { standing: 'pending', why: scheduled.reason ?? null };
  if (status?.phase === 'Running' && condition('Ready')?.status === 'True')
    return { standing: 'running', why: null };
  return { standing: 'starting', why: null };
}
