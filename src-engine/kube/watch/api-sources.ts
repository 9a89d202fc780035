import type {
  CoreV1Api,
  CoreV1Event,
  KubeConfig,
  V1ListMeta,
  V1Node,
  V1Pod,
  Watch,
} from '@kubernetes/client-node';
import type { Disposable, Scheduler } from '../../platform/clock.ts';
import { answered } from '../api-client.ts';
import type { ClusterSources } from './cluster-watch.ts';
import { keepNode, keepWarning, podKeeper } from './kept.ts';
import type { Kept, Listener, WatchEnd, WatchSource } from './watch-source.ts';

/** So many objects of a list are in memory as they came. */
const PAGE = 250;
/** Of a page, and of a watch until it stands. */
const LIMIT_MS = 10_000;

interface Kind<Raw, T extends Kept> {
  readonly path: string;
  readonly fieldSelector?: string;
  list(page: { limit: number; _continue?: string; fieldSelector?: string }): Promise<{
    items: Raw[];
    metadata?: V1ListMeta;
  }>;
  keep(raw: Raw): T;
}

/**
 * The kinds as client-node's `Watch` has them. Its informer would keep every object whole, list without pages, and end
 * at the first error that is no 410.
 *
 * @param config read from a kubeconfig; it is changed, and is to be this one's alone
 */
export async function apiSources(
  config: KubeConfig,
  core: CoreV1Api,
  scheduler: Scheduler,
): Promise<ClusterSources> {
  const { Watch: Opener } = await import('@kubernetes/client-node');
  limitConnecting(config);
  const watch = new Opener(config);
  const source = <Raw, T extends Kept>(kind: Kind<Raw, T>) => sourceOf(kind, watch, scheduler);
  return {
    nodes: source<V1Node, ReturnType<typeof keepNode>>({
      path: '/api/v1/nodes',
      list: (page) => core.listNode(page),
      keep: keepNode,
    }),
    pods: source<V1Pod, ReturnType<ReturnType<typeof podKeeper>>>({
      path: '/api/v1/pods',
      list: (page) => core.listPodForAllNamespaces(page),
      keep: podKeeper(),
    }),
    warnings: source<CoreV1Event, ReturnType<typeof keepWarning>>({
      path: '/api/v1/events',
      fieldSelector: 'type=Warning',
      list: (page) => core.listEventForAllNamespaces(page),
      keep: keepWarning,
    }),
  };
}

/**
 * `Watch` has a time limit of 30 s that it overwrites in the next line (kubernetes-client/javascript, src/watch.ts, 1.4.0):
 * an API that accepts and says nothing would be waited for without end, and could not even be let go.
 */
function limitConnecting(config: KubeConfig): void {
  const plain = config.applyToFetchOptions.bind(config);
  config.applyToFetchOptions = async (options) => ({ ...(await plain(options)), timeout: LIMIT_MS });
}

function sourceOf<Raw, T extends Kept>(
  { path, fieldSelector, list, keep }: Kind<Raw, T>,
  watch: Watch,
  scheduler: Scheduler,
): WatchSource<T> {
  const selected = fieldSelector === undefined ? {} : { fieldSelector };
  return {
    async list(next) {
      const page = { limit: PAGE, ...selected, ...(next === null ? {} : { _continue: next }) };
      const found = await answered(list(page), scheduler, { limitMs: LIMIT_MS });
      if (!found.ok) return { type: found.code === 410 ? 'expired' : 'failed' };
      const { items, metadata } = found.value;
      const { _continue: more = '', resourceVersion: version = '' } = metadata ?? {};
      return { type: 'page', items: items.map(keep), next: more === '' ? null : more, version };
    },
    watch(version, listener) {
      const query = { ...selected, resourceVersion: version };
      return openWatch(watch, path, query, listener, (object) => keep(object as Raw));
    },
  };
}

async function openWatch<T extends Kept>(
  watch: Watch,
  path: string,
  query: Readonly<Record<string, string>>,
  listener: Listener<T>,
  keep: (object: unknown) => T,
): Promise<Disposable | WatchEnd> {
  const state = { end: null as WatchEnd | null, stands: false };
  const ended = (how: WatchEnd): void => {
    if (state.end !== null) return;
    state.end = how;
    if (state.stands) listener.ended(how);
  };
  const hear = (phase: string, object: ApiObject): void => {
    const version = object.metadata?.resourceVersion ?? '';
    if (phase === 'ADDED' || phase === 'MODIFIED')
      listener.change({ type: 'set', item: keep(object), version });
    if (phase === 'DELETED') listener.change({ type: 'gone', key: keep(object).key, version });
    if (phase === 'BOOKMARK') listener.change({ type: 'bookmark', version });
    // A `v1.Status`, the last thing that is said, whether the connection is closed after it or not.
    if (phase === 'ERROR') ended(object.code === 410 ? 'expired' : 'failed');
  };
  try {
    const asked = { ...query, allowWatchBookmarks: true };
    const request = await watch.watch(path, asked, hear, (error) => ended(endOf(error)));
    if (state.end !== null) {
      request.abort();
      return state.end;
    }
    state.stands = true;
    return { dispose: () => request.abort() };
  } catch {
    return 'failed';
  }
}

interface ApiObject {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly code?: number;
}

/** Null: closed in order. */
function endOf(error: unknown): WatchEnd {
  if (error === null || error === undefined) return 'closed';
  const isGone = typeof error === 'object' && 'statusCode' in error && error.statusCode === 410;
  return isGone ? 'expired' : 'failed';
}
