/** One node of `minikube status -o json`, which runs and is whole. */
export const nodeStatus = (over: Record<string, unknown> = {}) => ({
  Name: 'lab',
  Host: 'Running',
  Kubelet: 'Running',
  APIServer: 'Running',
  Kubeconfig: 'Configured',
  Worker: false,
  ...over,
});
