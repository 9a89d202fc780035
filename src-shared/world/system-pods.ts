import type { Workload } from './clusters.ts';

/**
 * Namespaces that belong to a cluster itself: the prefix `kube-` is reserved for Kubernetes (its documentation,
 * "Namespaces"), the others come with kind, minikube and Submariner.
 */
const brought: readonly string[] = [
  'kubernetes-dashboard',
  'local-path-storage',
  'submariner-k8s-broker',
  'submariner-operator',
];

/** @param pod `NAMESPACE/NAME` */
export function isSystemPod(pod: string): boolean {
  const namespace = pod.slice(0, pod.indexOf('/'));
  return namespace.startsWith('kube-') || brought.includes(namespace);
}

/** Those of a cluster's own pods that are in trouble, the worst first; what people run on it is not among them. */
export function systemPodsInTrouble(workload: Workload | undefined): Workload['worst'] {
  return (workload?.worst ?? []).filter(({ name }) => isSystemPod(name));
}
