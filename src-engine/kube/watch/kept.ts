import { cordonOf, type Cordon, type NodeFacts } from '../cordon.ts';
import { podHealth, type PodHealth, type PodState } from './pod-health.ts';
import type { Kept } from './watch-source.ts';

/** As client-node has it (a Date) or as it came (text). */
type Time = Date | string | undefined;

/** Of a node, an object of the API: what is looked at here. */
export interface NodeObject extends NodeFacts {
  readonly status?: {
    readonly conditions?:
      | readonly {
          readonly type: string;
          readonly status: string;
          readonly lastHeartbeatTime?: Time;
          readonly lastTransitionTime?: Time;
        }[]
      | undefined;
  };
}

/** Of a pod. */
export interface PodObject extends PodState {
  readonly metadata?: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly deletionTimestamp?: Time;
  };
  readonly spec?: { readonly nodeName?: string | undefined };
}

/** Of an event (core/v1). */
export interface EventObject {
  readonly metadata?: { readonly namespace?: string | undefined; readonly name?: string | undefined };
  readonly involvedObject?: {
    readonly kind?: string | undefined;
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
  };
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly count?: number | undefined;
  readonly lastTimestamp?: Time;
  readonly eventTime?: Time;
}

/** What stays of a node in memory. Times in milliseconds of the API's wall clock. */
export interface NodeKept extends Kept {
  readonly ready: boolean;
  readonly heartbeatAtMs: number | null;
  /** Since when it is ready, or is not. */
  readonly sinceMs: number | null;
  readonly cordon: Cordon;
}

/** What stays of a pod: some 200 bytes of the 5,000 to 10,000 that it came as. */
export interface PodKept extends Kept, PodHealth {
  readonly node: string | null;
  readonly isRunning: boolean;
  /** Since when it runs and is not ready; null: it does not run, or is ready. Milliseconds. */
  readonly unreadySinceMs: number | null;
  /** Of the cluster's DNS, when its container began. */
  readonly dns: { readonly startedAtMs: number | null } | null;
}

/** What stays of a warning. */
export interface WarningKept extends Kept {
  readonly atMs: number | null;
  /** As the API names it, such as `BackOff`. */
  readonly reason: string;
  /** `Pod shop/web-1`. */
  readonly about: string;
  readonly message: string;
  readonly count: number;
}

const LONGEST_MESSAGE = 200;

export function keepNode(node: NodeObject): NodeKept {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    key: node.metadata?.name ?? '',
    ready: ready?.status === 'True',
    heartbeatAtMs: msOf(ready?.lastHeartbeatTime),
    sinceMs: msOf(ready?.lastTransitionTime),
    cordon: cordonOf(node),
  };
}

/** The same few words and names in thousands of objects are one text each. */
export function podKeeper(): (pod: PodObject) => PodKept {
  const words = new Map<string, string>();
  const one = <T extends string | null>(word: T): T => {
    if (word === null) return word;
    const known = words.get(word) as T | undefined;
    if (known !== undefined) return known;
    // Names of nodes and reasons are few; should they not be, they are only not shared.
    if (words.size < 10_000) words.set(word, word);
    return word;
  };
  return (pod) => {
    const { standing, why, restarts } = podHealth(pod, pod.metadata?.deletionTimestamp !== undefined);
    return {
      key: podKey(pod),
      node: one(pod.spec?.nodeName ?? null),
      isRunning: pod.status?.phase === 'Running',
      unreadySinceMs: unreadySince(pod),
      standing,
      why: one(why),
      restarts,
      dns: isDns(pod) ? { startedAtMs: startOf(pod) } : null,
    };
  };
}

export function keepWarning(event: EventObject): WarningKept {
  const { kind, namespace, name } = event.involvedObject ?? {};
  const whole = namespace === undefined ? (name ?? '?') : `${namespace}/${name ?? '?'}`;
  const atMs = msOf(event.lastTimestamp) ?? msOf(event.eventTime);
  return {
    key: `${event.metadata?.namespace ?? ''}/${event.metadata?.name ?? ''}`,
    rank: atMs ?? 0,
    atMs,
    reason: (event.reason ?? '?').slice(0, LONGEST_MESSAGE),
    about: `${kind ?? '?'} ${whole}`.slice(0, LONGEST_MESSAGE),
    message: (event.message ?? '').slice(0, LONGEST_MESSAGE),
    count: event.count ?? 1,
  };
}

/** `NAMESPACE/NAME`. */
export function podKey({ metadata }: Pick<PodObject, 'metadata'>): string {
  return `${metadata?.namespace ?? '?'}/${metadata?.name ?? '?'}`;
}

function unreadySince({ status }: PodObject): number | null {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isUnready = status?.phase === 'Running' && ready?.status === 'False';
  return isUnready ? msOf(ready.lastTransitionTime) : null;
}

function isDns({ metadata }: PodObject): boolean {
  return metadata?.namespace === 'kube-system' && metadata.labels?.['k8s-app'] === 'kube-dns';
}

function startOf({ status }: PodObject): number | null {
  return msOf(status?.containerStatuses?.[0]?.state?.running?.startedAt);
}

function msOf(time: Time | null): number | null {
  if (time === undefined || time === null) return null;
  const ms = time instanceof Date ? time.getTime() : Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
}
