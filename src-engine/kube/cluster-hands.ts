import type { CoreV1Api, V1ListMeta } from '@kubernetes/client-node';
import type { Clock, Scheduler } from '../platform/clock.ts';
import { answered, LIMIT_MS, unanswered, type Answered } from './api-client.ts';
import { clientsOf, readKubeconfig } from './api-connection.ts';
import type { ApiTrouble } from './api-trouble.ts';
import { FIELD_MANAGER, type NodeFacts } from './cordon.ts';
import type { ClusterHands } from './empty-cluster.ts';
import type { PodFacts } from './evictable.ts';
import { refusalOf, type EvictionAnswer } from './eviction-answer.ts';

export interface HandsOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Of one request, milliseconds; default 3000. */
  readonly limitMs?: number;
  /** Once it is aborted no request is sent, and what is under way is waited for no longer. */
  readonly signal?: AbortSignal;
}

/** The API itself tries for ten seconds to count an eviction down in its budget (eviction-lanes.ts). */
const EVICTION_MS = 12_000;
/** So many objects of a list come at once. */
const PAGE = 500;

/** Asks and changes a cluster through its API; what is wrong with its kubeconfig when it cannot even be asked. */
export async function openClusterHands(
  kubeconfig: string,
  { clock, scheduler, limitMs = LIMIT_MS, signal }: HandsOptions,
): Promise<ClusterHands | ApiTrouble> {
  const config = await readKubeconfig(kubeconfig, clock.wall());
  if (typeof config === 'string') return config;
  const {
    CoreV1Api: Core,
    PolicyV1Api: Policy,
    PatchStrategy,
    setHeaderOptions,
  } = await import('@kubernetes/client-node');
  const client = await clientsOf(config);
  const [core, policy] = [client(Core), client(Policy)];
  const asMerge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  let trouble: ApiTrouble | null = null;
  const ask: Ask = async (request, withinMs = limitMs) => {
    const isOver = signal?.aborted === true;
    const options = { limitMs: withinMs, signal };
    const answer = isOver ? unanswered : await answered(request(), scheduler, options);
    trouble = answer.ok ? null : answer.trouble;
    return answer;
  };
  /** Refused by the API (409) when the node is another by now. */
  const mark = async ({ metadata }: NodeFacts, unschedulable: true | null): Promise<boolean> => {
    const body = { metadata: { resourceVersion: metadata?.resourceVersion }, spec: { unschedulable } };
    const name = metadata?.name ?? '';
    return (await ask(() => core.patchNode({ name, body, fieldManager: FIELD_MANAGER }, asMerge))).ok;
  };
  return {
    trouble: () => trouble,
    nodes: () => everything((page) => ask(() => core.listNode(page))),
    pods: () => everything((page) => ask(() => core.listPodForAllNamespaces(page))),
    budgets: () => everything((page) => ask(() => policy.listPodDisruptionBudgetForAllNamespaces(page))),
    cordon: (node) => mark(node, true),
    uncordon: (node) => mark(node, null),
    evict: (pod) => evict(core, ask, pod),
    async remove(pod) {
      const body = { preconditions: sameOf(pod) };
      return (await ask(() => core.deleteNamespacedPod({ ...placeOf(pod), body }))).ok;
    },
  };
}

interface ListPage {
  readonly limit: number;
  readonly _continue?: string;
}

/** Page by page; null when one of them did not come. */
async function everything<T>(
  list: (page: ListPage) => Promise<Answered<{ items: T[]; metadata?: V1ListMeta }>>,
): Promise<T[] | null> {
  const items: T[] = [];
  let next = '';
  do {
    const page = await list({ limit: PAGE, ...(next === '' ? {} : { _continue: next }) });
    if (!page.ok) return null;
    items.push(...page.value.items);
    ({ _continue: next = '' } = page.value.metadata ?? {});
  } while (next !== '');
  return items;
}

const placeOf = ({ metadata }: PodFacts) => ({
  name: metadata?.name ?? '',
  namespace: metadata?.namespace ?? '',
});

/** A new pod may have the name of the old one. */
const sameOf = ({ metadata }: PodFacts) => (metadata?.uid === undefined ? {} : { uid: metadata.uid });

type Ask = <T>(request: () => Promise<T>, withinMs?: number) => Promise<Answered<T>>;

async function evict(core: CoreV1Api, ask: Ask, pod: PodFacts): Promise<EvictionAnswer> {
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: placeOf(pod),
    deleteOptions: { preconditions: sameOf(pod) },
  };
  const answer = await ask(() => core.createNamespacedPodEviction({ ...placeOf(pod), body }), EVICTION_MS);
  if (answer.ok) return { type: 'accepted' };
  return answer.code === 0 ? { type: 'failed', why: 'no answer' } : refusalOf(answer.code, answer.body);
}
