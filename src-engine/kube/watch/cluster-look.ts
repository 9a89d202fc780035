import type { Workload } from '../../../src-shared/world/clusters.ts';
import { isSystemPod } from '../../../src-shared/world/system-pods.ts';
import type { NodeKept, PodKept, WarningKept } from './kept.ts';

/** Design limits: counts and the twenty worst of a list. */
const MOST = 20;

export interface ClusterLook {
  readonly nodes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly heartbeatAt: Date | null;
    /** Since when it is ready, or is not. */
    readonly since: Date | null;
    readonly pods: number;
  }[];
  /** Some node takes no new pods, and we have told it so. */
  readonly closedByUs: boolean;
  /** Without those that are on their way out. */
  readonly dns: readonly {
    readonly startedAt: Date | null;
    readonly ready: boolean;
    readonly node: string | null;
  }[];
  readonly workload: Workload;
}

/** What screens and proofs need of what is kept. @param warnings null: not known */
export function lookOf(
  nodes: Iterable<NodeKept>,
  pods: ReadonlyMap<string, PodKept>,
  warnings: ReadonlyMap<string, WarningKept> | null,
  now: Date,
): ClusterLook {
  const all = [...nodes];
  const running = new Map<string, number>();
  for (const { node, isRunning } of pods.values())
    if (node !== null && isRunning) running.set(node, (running.get(node) ?? 0) + 1);
  return {
    nodes: all.map(({ key, ready, heartbeatAtMs, sinceMs }) => ({
      name: key,
      ready,
      heartbeatAt: dateOf(heartbeatAtMs),
      since: dateOf(sinceMs),
      pods: running.get(key) ?? 0,
    })),
    closedByUs: all.some(({ cordon }) => cordon === 'ours'),
    dns: [...pods.values()].flatMap(({ dns, standing, node }) =>
      dns === null || standing === 'ending'
        ? []
        : [{ startedAt: dateOf(dns.startedAtMs), ready: standing === 'running', node }],
    ),
    workload: workloadOf(pods, warnings, now),
  };
}

function workloadOf(
  pods: ReadonlyMap<string, PodKept>,
  warnings: ReadonlyMap<string, WarningKept> | null,
  now: Date,
): Workload {
  const count = { running: 0, starting: 0, pending: 0, failing: 0, ending: 0, finished: 0 };
  for (const { standing } of pods.values()) count[standing] += 1;
  return {
    pods: { total: pods.size, ...count },
    worst: worstOf(pods, now),
    warnings: warnings === null ? null : { count: warnings.size, newest: newestOf(warnings) },
  };
}

/** What fails before what finds no node; of those, the cluster's own before what stands on it, and what restarts most. */
function worstOf(pods: ReadonlyMap<string, PodKept>, now: Date): Workload['worst'] {
  return [...pods.values()]
    .flatMap((pod) => {
      const { key: name, standing, why, restarts } = pod;
      if (standing === 'failing' || standing === 'pending') return [{ name, standing, why, restarts }];
      return isLongUnready(pod, now)
        ? [{ name, standing: 'failing' as const, why: 'NotReady', restarts }]
        : [];
    })
    .sort(
      (a, b) =>
        a.standing.localeCompare(b.standing) ||
        Number(isSystemPod(b.name)) - Number(isSystemPod(a.name)) ||
        b.restarts - a.restarts ||
        a.name.localeCompare(b.name),
    )
    .slice(0, MOST);
}

/** Twice what the slowest readiness probe of kubeadm's own pods takes to speak three times (period 10 s). */
const UNREADY_MS = 60_000;

/** One of the cluster's own that runs and is not ready says only itself why; what people run may mean it so. */
const isLongUnready = ({ key, standing, unreadySinceMs }: PodKept, now: Date): boolean =>
  standing === 'starting' &&
  isSystemPod(key) &&
  unreadySinceMs !== null &&
  now.getTime() - unreadySinceMs > UNREADY_MS;

function newestOf(warnings: ReadonlyMap<string, WarningKept>): NonNullable<Workload['warnings']>['newest'] {
  return [...warnings.values()]
    .sort((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0))
    .slice(0, MOST)
    .map(({ atMs, reason, about, message, count }) => ({
      at: dateOf(atMs)?.toISOString() ?? null,
      reason,
      about,
      message,
      count,
    }));
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
