// What a stranger sees of a kind cluster that comes up: whether its proofs of life hold, asked without the engine.
import { readFileSync } from 'node:fs';
import { openPlainHands } from '../../src-engine/kube/plain-hands.ts';
import { systemScheduler } from '../../src-engine/platform/clock.ts';
import { pause } from './report.ts';

const POLL_MS = 100;

/** Milliseconds of `performance.now()`; null: not before it was given up. */
export async function whenTrue(isTrue: () => Promise<boolean>, limitMs: number): Promise<number | null> {
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    if (await isTrue()) return performance.now();
    await pause(POLL_MS);
  }
  return null;
}

/**
 * Whether every node has told of itself, the controller manager leads and every CoreDNS pod is ready, each since then
 * (research/measured.md, kind 2). Kubernetes times are whole seconds.
 */
export async function openProofs(kubeconfigFile: string, nodes: number) {
  const hands = await openPlainHands(readFileSync(kubeconfigFile, 'utf8'), systemScheduler);
  if (hands === null) throw new Error(`cannot read ${kubeconfigFile}`);
  const { CoordinationV1Api: Coordination } = await import('@kubernetes/client-node');
  const [{ core, ask }, leases] = [hands, hands.client(Coordination)];
  return async (since: Date): Promise<boolean> => {
    const from = Math.floor(since.getTime() / 1000) * 1000;
    const isSince = (at: Date | undefined): boolean => at !== undefined && new Date(at).getTime() >= from;
    const [found, lease, dns] = await Promise.all([
      ask(core.listNode()),
      ask(leases.readNamespacedLease({ name: 'kube-controller-manager', namespace: 'kube-system' })),
      ask(core.listNamespacedPod({ namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' })),
    ]);
    if (!found.ok || !lease.ok || !dns.ok) return false;
    const alive = found.value.items.filter(({ status }) =>
      status?.conditions?.some(
        ({ type, status: is, lastHeartbeatTime }) =>
          type === 'Ready' && is === 'True' && isSince(lastHeartbeatTime),
      ),
    );
    const names = dns.value.items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    const isServing = names.every(({ status }) =>
      (status?.containerStatuses ?? []).every(
        ({ ready, state }) => ready && isSince(state?.running?.startedAt),
      ),
    );
    return alive.length >= nodes && isSince(lease.value.spec?.acquireTime) && names.length > 0 && isServing;
  };
}
