import type { V1EndpointSlice, V1Pod } from '@kubernetes/client-node';

/** A pod, as far as the endpoints of its Services have to agree with it. */
interface PodNow {
  readonly addresses: readonly string[];
  readonly isReady: boolean;
}

/** Slices that Kubernetes itself keeps; others are their owners' word. */
export const OWN_SLICES = 'endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io';

/**
 * Whether the endpoints of Services are those of the pods that run now. After a start the slices hold the addresses of pods
 * that are gone until the controller manager leads again, and for a moment longer (recordings of kind, note 17): a Service
 * points nowhere although everything else is ready.
 */
export function servicesSettled(slices: readonly V1EndpointSlice[], pods: readonly V1Pod[]): boolean {
  const byKey = new Map(pods.map((pod) => [keyOf(pod.metadata?.namespace, pod.metadata?.name), podNow(pod)]));
  return slices.every(({ endpoints, metadata }) =>
    (endpoints ?? []).every(({ addresses, conditions, targetRef }) => {
      if (targetRef?.kind !== 'Pod' || conditions?.terminating === true) return true;
      const pod = byKey.get(keyOf(targetRef.namespace ?? metadata?.namespace, targetRef.name));
      const isHere = pod !== undefined && addresses.every((address) => pod.addresses.includes(address));
      // Not ready by its slice, though it is: not written yet. Ready though it is not: some Services want it so.
      return conditions?.ready === false ? pod?.isReady !== true : isHere;
    }),
  );
}

const keyOf = (namespace: string | undefined, name: string | undefined): string => `${namespace}/${name}`;

const podNow = ({ status }: V1Pod): PodNow => ({
  addresses: (status?.podIPs ?? []).flatMap(({ ip }) => ip),
  isReady: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
});
