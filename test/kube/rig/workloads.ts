import type { Plane } from './plane.ts';

/** Objects of one namespace, for kwok to play. */
const meta = (namespace: string, name: string) => ({ namespace, name, labels: { app: name } });
const podSpec = (volumes: object[] = []) => ({
  containers: [{ name: 'main', image: 'played:1' }],
  terminationGracePeriodSeconds: 1,
  ...(volumes.length === 0 ? {} : { volumes }),
});
const template = (name: string, spec: object) => ({ metadata: { labels: { app: name } }, spec });

export const namespaceOf = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

/** @param keepsData its pods have an emptyDir */
export function deploymentOf(namespace: string, name: string, replicas: number, keepsData = false): object {
  const spec = podSpec(keepsData ? [{ name: 'data', emptyDir: {} }] : []);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(namespace, name),
    spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, spec) },
  };
}

export const daemonSetOf = (namespace: string, name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: meta(namespace, name),
  spec: { selector: { matchLabels: { app: name } }, template: template(name, podSpec()) },
});

/** A pod that nothing makes anew. */
export const barePodOf = (namespace: string, name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(namespace, name),
  spec: podSpec(),
});

/** A job that is done at once, and whose pod stays. */
export const jobOf = (namespace: string, name: string): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: meta(namespace, name),
  spec: { template: template(name, { ...podSpec(), restartPolicy: 'Never' }) },
});

/** @param minAvailable of the pods of the deployment of that name */
export const budgetOf = (namespace: string, name: string, minAvailable: number | string): object => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: meta(namespace, name),
  spec: { minAvailable, selector: { matchLabels: { app: name } } },
});

interface PodItem {
  readonly metadata: { readonly name: string; readonly labels?: { readonly app?: string } };
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly phase: string };
}

/** How many pods on nodes there are of each workload. */
export async function onNodes(plane: Plane, namespace: string): Promise<Record<string, number>> {
  const { items } = (await plane.get('pods', '-n', namespace)) as { items: PodItem[] };
  const counts: Record<string, number> = {};
  for (const { metadata, spec } of items) {
    const app = metadata.labels?.app ?? metadata.name;
    if (spec.nodeName !== undefined) counts[app] = (counts[app] ?? 0) + 1;
  }
  return counts;
}

/** Every workload of the namespace as it should be, budgets included. */
export async function settled(plane: Plane, namespace: string, limitSeconds = 60): Promise<void> {
  const { items } = (await plane.get('deployments,daemonsets', '-n', namespace)) as {
    items: { kind: string; metadata: { name: string } }[];
  };
  for (const { kind, metadata } of items) {
    const which = [`${kind.toLowerCase()}/${metadata.name}`, '-n', namespace];
    await plane.kubectl('rollout', 'status', ...which, `--timeout=${limitSeconds}s`);
  }
  for (;;) {
    const budgets = (await plane.get('pdb', '-n', namespace)) as {
      items: { status?: { currentHealthy?: number; expectedPods?: number; observedGeneration?: number } }[];
    };
    const isKnown = ({ status }: (typeof budgets.items)[number]): boolean =>
      (status?.observedGeneration ?? 0) > 0 &&
      (status?.expectedPods ?? 0) > 0 &&
      status?.currentHealthy === status?.expectedPods;
    if (budgets.items.every(isKnown)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
