import type { V1EndpointSlice, V1Pod } from '@kubernetes/client-node';

/** A pod, as far as the endpoints of its Services have to agree with it. */
interface PodNow {
  readonly addresses: readonly string[];
  readonly isReady: boolean;
  /** Its containers began before its node did: its kubelet has not told of it yet. */
  readonly isOfBefore: boolean;
}

/** Slices that Kubernetes itself keeps; others are their owners' word. */
export const OWN_SLICES = 'endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io';

/**
 * Whether the endpoints of Services are those of the pods that run now. After a start the slices hold the addresses of pods
 * that are gone until the controller manager leads again, and for a moment longer (recordings of kind, note 17): a Service
 * points nowhere although everything else is ready.
 *
 * @param startedAt of nodes, where they are known
 */
export function servicesSettled(
  slices: readonly V1EndpointSlice[],
  pods: readonly V1Pod[],
  startedAt: ReadonlyMap<string, Date> = new Map(),
): boolean {
  const byKey = new Map(
    pods.map((pod) => [keyOf(pod.metadata?.namespace, pod.metadata?.name), podNow(pod, startedAt)]),
  );
  return slices.every(({ endpoints, metadata }) =>
    (endpoints ?? []).every(({ addresses, conditions, targetRef }) => {
      if (targetRef?.kind !== 'Pod' || conditions?.terminating === true) return true;
      const pod = byKey.get(keyOf(targetRef.namespace ?? metadata?.namespace, targetRef.name));
      const isHere =
        pod?.isOfBefore === false && addresses.every((address) => pod.addresses.includes(address));
      // Not ready by its slice, though it is: not written yet. Ready though it is not: some Services want it so.
      return conditions?.ready === false ? pod?.isReady !== true : isHere;
    }),
  );
}

const keyOf = (namespace: string | undefined, name: string | undefined): string => `${namespace}/${name}`;

function podNow({ spec, status }: V1Pod, startedAt: ReadonlyMap<string, Date>): PodNow {
  const nodeAt = startedAt.get(spec?.nodeName ?? '');
  // Kubernetes times are whole seconds.
  const fromMs = nodeAt === undefined ? -Infinity : Math.floor(nodeAt.getTime() / 1000) * 1000;
  return {
    addresses: (status?.podIPs ?? []).flatMap(({ ip }) => ip),
    isReady: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    isOfBefore: (status?.containerStatuses ?? []).some(
      ({ state }) => state?.running?.startedAt !== undefined && state.running.startedAt.getTime() < fromMs,
    ),
  };
}
