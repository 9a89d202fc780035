import type {
  Admission,
  Cluster,
  ClusterFailure,
  ClusterVerb,
  PastOperation,
} from '../../src-shared/world/clusters.ts';
import type { Clock } from '../platform/clock.ts';
import { operationOf, type Progress } from './progress.ts';
import type { ClusterRecord, Observation } from './provider.ts';

/** What the room keeps of one cluster; the World's slice is drawn from it. */
export interface ClusterEntry {
  record: ClusterRecord;
  observed: Observation | null;
  observedAt: Date;
  observedAtMs: number;
  progress: Progress | null;
  /** The operation has begun something that is more than a look. */
  touched: boolean;
  /** Resolves when the running operation, its undo included, is over. */
  over: Promise<void>;
  /** Ends the running operation with a reason. */
  interrupt: AbortController | null;
  lastOperation: PastOperation | null;
  lastFailure: ClusterFailure | null;
  admission: Admission | null;
  /** An operation that was cut off and could not be taken up or undone yet; its journal stays. */
  unfinished: Unfinished | null;
}

export interface Unfinished {
  readonly verb: ClusterVerb;
  /** Docker was away: it is tried again as soon as that answers. */
  readonly waitsForDocker: boolean;
  /** ISO 8601. */
  readonly begunAt: string;
}

/** An observation is old when three rounds of the slowest cadence went by without a new one. */
const STALE_MS = 3 * 60_000;

export function newEntry(record: ClusterRecord, clock: Clock): ClusterEntry {
  return {
    record,
    observed: null,
    observedAt: clock.wall(),
    observedAtMs: clock.monotonicMs(),
    progress: null,
    touched: false,
    over: Promise.resolve(),
    interrupt: null,
    lastOperation: null,
    lastFailure: null,
    admission: null,
    unfinished: null,
  };
}

/** The cluster as screens show it: an operation's own state wins over what was seen before it. */
export function clusterOf(entry: ClusterEntry, nowMs: number): Cluster {
  const { record, observed, progress } = entry;
  const stale = nowMs - entry.observedAtMs > STALE_MS;
  return {
    name: record.name,
    provider: record.provider,
    ...standing(entry),
    nodes: [...(observed?.nodes ?? [])],
    ...(observed?.workload === undefined ? {} : { workload: observed.workload }),
    operation: progress === null ? null : operationOf(progress, nowMs),
    ...(entry.lastOperation === null ? {} : { lastOperation: entry.lastOperation }),
    lastFailure: entry.lastFailure,
    admission: entry.admission,
    source: observed?.source ?? 'not seen yet',
    sampledAt: entry.observedAt.toISOString(),
    ...(stale ? { stale: true as const } : {}),
  };
}

function standing({ observed, progress, unfinished }: ClusterEntry): Pick<Cluster, 'state' | 'why'> {
  const { state, why } = observed ?? { state: 'unknown' as const, why: 'notSeenYet' };
  if (progress !== null) return { state: stateDuring(progress, observed), why };
  // However far it came: nobody has seen it whole, and it is about to be removed.
  if (unfinished?.verb === 'create')
    return { state: state === 'running' ? 'degraded' : state, why: 'halfMade' };
  return { state, why };
}

function stateDuring(progress: Progress, observed: Observation | null): Cluster['state'] {
  switch (progress.verb) {
    case 'create':
    case 'start':
      return 'starting';
    case 'stop':
    case 'delete':
      return 'stopping';
    case 'drain':
      return observed?.state ?? 'unknown';
  }
}
