import { pause, type Clock, type Scheduler } from '../platform/clock.ts';
import type { ApiTrouble } from './api-trouble.ts';
import { cordonOf, type NodeFacts } from './cordon.ts';
import { podName, standingOf, type PodFacts } from './evictable.ts';
import type { EvictionAnswer } from './eviction-answer.ts';
import { evictionLanes, type BudgetFacts } from './eviction-lanes.ts';
import { inParallel, PARALLEL } from './in-parallel.ts';
import type { StuckPod } from './stuck-pods.ts';

/** What is asked of a cluster's API. Null and `failed`: it did not answer, or not with that. */
export interface ClusterHands {
  nodes(): Promise<readonly NodeFacts[] | null>;
  pods(): Promise<readonly PodFacts[] | null>;
  budgets(): Promise<readonly BudgetFacts[] | null>;
  /** Written only upon the node as it was read: nobody's cordon of the same moment is taken for ours. */
  cordon(node: NodeFacts): Promise<boolean>;
  uncordon(node: NodeFacts): Promise<boolean>;
  evict(pod: PodFacts): Promise<EvictionAnswer>;
  /** Deletes it against its budget, with its own grace; false: the API did not take it. */
  remove(pod: PodFacts): Promise<boolean>;
  /** Why the last request had no good answer; null when it had one. */
  trouble(): ApiTrouble | null;
}

export interface EmptyOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** How long pods are asked, and waited for. */
  readonly evictMs: number;
  /** What a budget has refused until then is deleted, and waited for so long; null: it is left as it is. */
  readonly deleteMs: number | null;
  /** Once it is aborted nothing more is asked or deleted. */
  readonly signal?: AbortSignal;
  /** Pods that are still to go. */
  onLeft?(count: number): void;
}

export interface RefusedPod {
  readonly name: string;
  readonly budget: string | null;
}

/** What became of the pods of a cluster. */
export interface Emptied {
  /** False: its API did not tell at the end what had become of it all. */
  readonly answered: boolean;
  /** Then: why not. */
  readonly trouble: ApiTrouble | null;
  /** Nodes that we have closed. */
  readonly cordoned: readonly string[];
  readonly evicted: readonly string[];
  /** Those whose deletion the API took. */
  readonly deleted: readonly RefusedPod[];
  /** Still there at the end, of those that were to go. */
  readonly left: readonly RefusedPod[];
  /** Never asked. */
  readonly staying: readonly StuckPod[];
  readonly elapsedMs: number;
}

/** Between two looks; a budget that allows the next one is seen as soon. */
const LOOK_MS = 500;

/**
 * Closes every node that nobody has closed and asks their pods to go, until none is left or the time is over. A pod on a
 * node that somebody else has closed is not asked: after the return nothing could bring it back there. May be run again
 * after a crash: everything is read anew.
 */
export async function emptyCluster(hands: ClusterHands, options: EmptyOptions): Promise<Emptied> {
  const { clock, evictMs, deleteMs } = options;
  const startedMs = clock.monotonicMs();
  const seen = newSeen();
  const deadline = deadlineIn(options, evictMs);
  const ours = await closeNodes(hands, options, deadline, seen);
  if (ours !== null) {
    while (deadline.isAhead() && (await askAll(hands, { options, ours, seen, deadline })) > 0)
      await look(options);
    // What was asked last may have gone since.
    if (seen.left.length > 0 && !isAborted(options)) await lookAtPods(hands, ours, seen);
    // Where it does not even say what is left, the stop itself is what ends them.
    if (deleteMs !== null && seen.answered && !isAborted(options))
      await deleteRefused(hands, options, ours, seen, deleteMs);
  }
  const answered = ours !== null && seen.answered;
  return {
    answered,
    trouble: answered ? null : seen.trouble,
    cordoned: ours ?? [],
    evicted: [...seen.evicted.values()],
    deleted: seen.deleted,
    left: seen.left.map(({ name, uid }) => ({ name, budget: seen.budgets.get(uid) ?? null })),
    staying: seen.staying,
    elapsedMs: Math.round(clock.monotonicMs() - startedMs),
  };
}

/** Opens what we have closed; `false` when the API did not let us, or did not answer. */
export async function openNodes(hands: ClusterHands): Promise<boolean> {
  const nodes = await hands.nodes();
  if (nodes === null) return false;
  const ours = nodes.filter((node) => cordonOf(node) === 'ours');
  const done = await Promise.all(ours.map((node) => hands.uncordon(node)));
  return done.every(Boolean);
}

interface LeftPod {
  readonly name: string;
  readonly uid: string;
  readonly pod: PodFacts;
}

interface Seen {
  /** At the last look. */
  answered: boolean;
  trouble: ApiTrouble | null;
  /** Name by uid. */
  readonly evicted: Map<string, string>;
  /** Asked, and never answered; name by uid. */
  readonly unsure: Map<string, string>;
  /** The budget that refused last, by uid. */
  readonly budgets: Map<string, string | null>;
  readonly deleted: RefusedPod[];
  left: LeftPod[];
  staying: StuckPod[];
}

const newSeen = (): Seen => ({
  answered: false,
  trouble: null,
  evicted: new Map(),
  unsure: new Map(),
  budgets: new Map(),
  deleted: [],
  left: [],
  staying: [],
});

const isAborted = ({ signal }: EmptyOptions): boolean => signal?.aborted === true;
const look = ({ scheduler, signal }: EmptyOptions): Promise<void> => pause(scheduler, LOOK_MS, signal);

interface Deadline {
  /** False once it is aborted, too. */
  isAhead(): boolean;
  leftMs(): number;
}

function deadlineIn(options: EmptyOptions, limitMs: number): Deadline {
  const endMs = options.clock.monotonicMs() + limitMs;
  const leftMs = (): number => Math.max(0, endMs - options.clock.monotonicMs());
  return { leftMs, isAhead: () => leftMs() > 0 && !isAborted(options) };
}

/** Does a task for each in parallel, and no longer than there is time: what is under way then ends by itself. */
async function allInTime<T>(
  items: readonly T[],
  { scheduler, signal }: EmptyOptions,
  deadline: Deadline,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  const late = AbortSignal.any([done.signal, ...(signal === undefined ? [] : [signal])]);
  const work = inParallel(items, PARALLEL, deadline.isAhead, task);
  await Promise.race([work, pause(scheduler, deadline.leftMs(), late)]);
  done.abort();
}

/** Names of the nodes that are closed by us, once all are closed by somebody; null when that was never seen. */
async function closeNodes(
  hands: ClusterHands,
  options: EmptyOptions,
  deadline: Deadline,
  seen: Seen,
): Promise<readonly string[] | null> {
  while (deadline.isAhead()) {
    const nodes = await hands.nodes();
    if (nodes === null) seen.trouble = hands.trouble();
    const open = nodes?.filter((node) => cordonOf(node) === 'open') ?? [];
    if (nodes !== null && open.length === 0)
      return nodes.filter((node) => cordonOf(node) === 'ours').map(({ metadata }) => metadata?.name ?? '');
    // Read back in the next turn; what was refused is tried again upon the node as it is then.
    const done = await Promise.all(open.map((node) => hands.cordon(node)));
    if (nodes === null || !done.every(Boolean)) await look(options);
  }
  return null;
}

interface Asking {
  readonly options: EmptyOptions;
  readonly ours: readonly string[];
  readonly seen: Seen;
  readonly deadline: Deadline;
}

/** Asks every pod that is to go and is not on its way yet, as long as there is time; how many there are still. */
async function askAll(hands: ClusterHands, asking: Asking): Promise<number> {
  const { options, ours, seen, deadline } = asking;
  if (!(await lookAtPods(hands, ours, seen))) return Infinity;
  options.onLeft?.(seen.left.length);
  const still = seen.left.filter(({ pod }) => pod.metadata?.deletionTimestamp === undefined);
  // Without them it is only slower.
  const budgets = still.length === 0 ? [] : ((await hands.budgets()) ?? []);
  await allInTime(evictionLanes(still, budgets), options, deadline, async (lane) => {
    // An API that is slow makes a round of many pods a long one.
    for (const one of lane) if (deadline.isAhead()) await ask(hands, one, seen);
  });
  return seen.left.length;
}

async function ask(hands: ClusterHands, { name, uid, pod }: LeftPod, seen: Seen): Promise<void> {
  const answer = await hands.evict(pod);
  if (answer.type === 'accepted') seen.evicted.set(uid, name);
  // The API may have done it all the same: then it is gone at the next look.
  if (answer.type === 'failed') seen.unsure.set(uid, name);
  if (answer.type === 'refused') seen.unsure.delete(uid);
  if (answer.type === 'refused') seen.budgets.set(uid, answer.budget);
  else seen.budgets.delete(uid);
}

async function lookAtPods(hands: ClusterHands, ours: readonly string[], seen: Seen): Promise<boolean> {
  const pods = await hands.pods();
  seen.answered = pods !== null;
  if (pods === null) {
    seen.trouble = hands.trouble();
    return false;
  }
  const here = pods.filter(({ spec }) => ours.includes(spec?.nodeName ?? ''));
  seen.left = here
    .filter((pod) => standingOf(pod) === 'evict')
    .map((pod) => ({ pod, name: podName(pod), uid: pod.metadata?.uid ?? podName(pod) }));
  settleUnsure(seen);
  seen.staying = here.flatMap((pod): StuckPod[] => {
    const standing = standingOf(pod);
    return standing === 'bare' || standing === 'localData' ? [{ name: podName(pod), why: standing }] : [];
  });
  return true;
}

/** Who was asked without an answer and is ending now, or gone, has heard it. */
function settleUnsure({ left, unsure, evicted }: Seen): void {
  const staying = new Set(
    left.filter(({ pod }) => pod.metadata?.deletionTimestamp === undefined).map(({ uid }) => uid),
  );
  for (const [uid, name] of unsure) {
    if (staying.has(uid)) continue;
    evicted.set(uid, name);
    unsure.delete(uid);
  }
}

/** Those that were not even begun to end; who is ending has been told, and the stop gives no more time than that. */
async function deleteRefused(
  hands: ClusterHands,
  options: EmptyOptions,
  ours: readonly string[],
  seen: Seen,
  limitMs: number,
): Promise<void> {
  const deadline = deadlineIn(options, limitMs);
  const refused = seen.left.filter(({ pod }) => pod.metadata?.deletionTimestamp === undefined);
  await allInTime(refused, options, deadline, async ({ pod, name, uid }) => {
    seen.unsure.delete(uid);
    if (await hands.remove(pod)) seen.deleted.push({ name, budget: seen.budgets.get(uid) ?? null });
  });
  while (seen.left.length > 0 && deadline.isAhead()) {
    await look(options);
    await lookAtPods(hands, ours, seen);
  }
}
