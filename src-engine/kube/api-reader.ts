import { readFile } from 'node:fs/promises';
import type { CoreV1Api, CoordinationV1Api, KubeConfig, V1Node, V1Pod } from '@kubernetes/client-node';
import { cordonOf } from './cordon.ts';

/** One look at a cluster's API: what proves that it truly works. */
export interface ApiLook {
  readonly nodes: { name: string; ready: boolean; heartbeatAt: Date | null; pods: number }[];
  readonly closedByUs: boolean;
  readonly leaderSince: Date | null;
  readonly dns: { startedAt: Date | null; ready: boolean }[];
}

const LIMIT_MS = 3000;

interface Connection {
  readonly text: string;
  readonly core: CoreV1Api;
  readonly coordination: CoordinationV1Api;
}

/** Reads clusters by their kubeconfig files. client-node is loaded at the first look: without a cluster it costs nothing. */
export function createApiReader() {
  const connections = new Map<string, Connection>();
  async function connection(kubeconfig: string): Promise<Connection | null> {
    const text = await readFile(kubeconfig, 'utf8').catch(() => null);
    if (text === null) return null;
    const known = connections.get(kubeconfig);
    // A cluster that was made anew has other certificates under the same name.
    if (known?.text === text) return known;
    const {
      KubeConfig: Config,
      CoreV1Api: Core,
      CoordinationV1Api: Coordination,
    } = await import('@kubernetes/client-node');
    const config: KubeConfig = new Config();
    config.loadFromString(text);
    const made = { text, core: config.makeApiClient(Core), coordination: config.makeApiClient(Coordination) };
    connections.set(kubeconfig, made);
    return made;
  }
  return {
    /** Null when the API does not answer everything within three seconds. */
    async read(kubeconfig: string): Promise<ApiLook | null> {
      try {
        const api = await connection(kubeconfig);
        return api === null ? null : await within(LIMIT_MS, look(api));
      } catch {
        return null;
      }
    },
  };
}

async function look({ core, coordination }: Connection): Promise<ApiLook> {
  const [nodes, pods, lease] = await Promise.all([
    core.listNode(),
    core.listPodForAllNamespaces({ resourceVersion: '0' }),
    coordination
      .readNamespacedLease({ name: 'kube-controller-manager', namespace: 'kube-system' })
      .catch(() => null),
  ]);
  return {
    nodes: nodes.items.map((node) => nodeLook(node, pods.items)),
    closedByUs: nodes.items.some((node) => cordonOf(node) === 'ours'),
    leaderSince: lease?.spec?.acquireTime === undefined ? null : new Date(lease.spec.acquireTime),
    dns: pods.items.filter(isDns).map(dnsLook),
  };
}

function nodeLook(node: V1Node, pods: readonly V1Pod[]): ApiLook['nodes'][number] {
  const name = node.metadata?.name ?? '';
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    name,
    ready: ready?.status === 'True',
    heartbeatAt: ready?.lastHeartbeatTime ?? null,
    pods: pods.filter((pod) => pod.spec?.nodeName === name && pod.status?.phase === 'Running').length,
  };
}

function isDns(pod: V1Pod): boolean {
  return pod.metadata?.namespace === 'kube-system' && pod.metadata.labels?.['k8s-app'] === 'kube-dns';
}

function dnsLook(pod: V1Pod): ApiLook['dns'][number] {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  return { ready, startedAt: pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? null };
}

/** client-node has no time limit of its own: a paused node accepts the connection and says nothing. */
function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the API did not answer in time')), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
