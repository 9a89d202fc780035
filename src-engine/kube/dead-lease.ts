import type { V1Lease } from '@kubernetes/client-node';

/** Who leads by a lease of that name in `kube-system`, in a cluster made by kubeadm. */
export const LEADERS = ['kube-controller-manager', 'kube-scheduler'] as const;

/**
 * Whether who holds a lease has ended with its node: its identity begins with the node's name, as client-go makes it
 * (`HOSTNAME_UUID`), and its last sign of life is older than that node's container. No process outlives its container,
 * and both times are of one clock. A lease of anybody else is nobody's business.
 *
 * @param startedAt when each node's container was started
 */
export function isDead({ spec }: Pick<V1Lease, 'spec'>, startedAt: ReadonlyMap<string, Date>): boolean {
  const { holderIdentity, renewTime } = spec ?? {};
  if (holderIdentity === undefined || renewTime === undefined) return false;
  const end = holderIdentity.lastIndexOf('_');
  const started = end < 0 ? undefined : startedAt.get(holderIdentity.slice(0, end));
  return started !== undefined && new Date(renewTime).getTime() < started.getTime();
}

/** What a leader writes that gives up in peace (client-go, `LeaderElector.release`): the next one need not wait. */
export const released = ({ metadata }: Pick<V1Lease, 'metadata'>) => ({
  metadata: { resourceVersion: metadata?.resourceVersion },
  spec: { holderIdentity: '', leaseDurationSeconds: 1 },
});
