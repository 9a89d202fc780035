import type { CoreV1Api } from '@kubernetes/client-node';
import { pause, type Scheduler } from '../platform/clock.ts';
import { FIELD_MANAGER, type NodeFacts } from './cordon.ts';
import type { ClusterHands } from './empty-cluster.ts';
import type { PodFacts } from './evictable.ts';
import { refusalOf, type EvictionAnswer } from './eviction-answer.ts';

/** Of one request: a paused node accepts a connection and says nothing. */
const LIMIT_MS = 3000;

/**
 * Asks and changes a cluster through its API; null when the kubeconfig cannot be read. client-node is loaded when it is
 * needed: without a cluster it costs nothing.
 *
 * @param signal once it is aborted no request is sent, and what is under way is waited for no longer
 */
export async function openClusterHands(
  kubeconfig: string,
  scheduler: Scheduler,
  signal?: AbortSignal,
): Promise<ClusterHands | null> {
  const { PatchStrategy, setHeaderOptions } = await import('@kubernetes/client-node');
  const core = await clientFor(kubeconfig);
  if (core === null) return null;
  const asMerge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const ask = async <T>(request: () => Promise<T>): Promise<Asked<T>> =>
    signal?.aborted === true ? unanswered : asked(request(), scheduler, signal);
  /** Refused by the API (409) when the node is another by now. */
  const mark = async ({ metadata }: NodeFacts, unschedulable: true | null): Promise<boolean> => {
    const body = { metadata: { resourceVersion: metadata?.resourceVersion }, spec: { unschedulable } };
    const name = metadata?.name ?? '';
    return (await ask(() => core.patchNode({ name, body, fieldManager: FIELD_MANAGER }, asMerge))).ok;
  };
  return {
    nodes: async () => itemsOf(await ask(() => core.listNode())),
    pods: async () => itemsOf(await ask(() => core.listPodForAllNamespaces())),
    cordon: (node) => mark(node, true),
    uncordon: (node) => mark(node, null),
    async evict(pod) {
      const body = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: placeOf(pod),
        deleteOptions: { preconditions: sameOf(pod) },
      };
      return answerTo(await ask(() => core.createNamespacedPodEviction({ ...placeOf(pod), body })));
    },
    async remove(pod) {
      const body = { preconditions: sameOf(pod) };
      return (await ask(() => core.deleteNamespacedPod({ ...placeOf(pod), body }))).ok;
    },
  };
}

async function clientFor(kubeconfig: string): Promise<CoreV1Api | null> {
  const { CoreV1Api: Core, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromString(kubeconfig);
    return config.makeApiClient(Core);
  } catch {
    return null;
  }
}

const placeOf = ({ metadata }: PodFacts) => ({
  name: metadata?.name ?? '',
  namespace: metadata?.namespace ?? '',
});

/** A new pod may have the name of the old one. */
const sameOf = ({ metadata }: PodFacts) => (metadata?.uid === undefined ? {} : { uid: metadata.uid });

/** `code` 0: there was no answer. */
type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: number; readonly body: unknown };

const unanswered = { ok: false, code: 0, body: null } as const;

async function asked<T>(request: Promise<T>, scheduler: Scheduler, signal?: AbortSignal): Promise<Asked<T>> {
  const over = new AbortController();
  const ends = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const late = pause(scheduler, LIMIT_MS, ends).then((): Asked<T> => unanswered);
  try {
    return await Promise.race([request.then((value): Asked<T> => ({ ok: true, value })), late]);
  } catch (error) {
    return { ok: false, ...refusalIn(error) };
  } finally {
    over.abort();
  }
}

/** Of client-node's ApiException; whatever else was thrown is no answer. */
function refusalIn(error: unknown): { code: number; body: unknown } {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'number')
    return { code: 0, body: null };
  return { code: error.code, body: 'body' in error ? error.body : null };
}

function itemsOf<T>(list: Asked<{ readonly items: T[] }>): T[] | null {
  return list.ok ? list.value.items : null;
}

function answerTo(answer: Asked<unknown>): EvictionAnswer {
  if (answer.ok) return { type: 'accepted' };
  return answer.code === 0 ? { type: 'failed', why: 'no answer' } : refusalOf(answer.code, answer.body);
}
