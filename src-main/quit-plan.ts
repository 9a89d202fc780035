import type { Settings } from '../src-shared/settings.ts';
import type { Cluster, ClusterVerb } from '../src-shared/world/clusters.ts';
import type { World } from '../src-shared/world/world.ts';
import { servesAsEdge } from './leave-first.ts';

/** A person's wish, a signal, or the system going down: only a person can be asked something. */
export type QuitReason = 'person' | 'signal' | 'shutdown';

export interface QuitFacts {
  readonly reason: QuitReason;
  /** An engine that this app did not start goes on, and its clusters with it. */
  readonly ownsEngine: boolean;
  readonly world: World | null;
  readonly whenClusterRuns: Settings['quit']['whenClusterRuns'];
}

export type QuitPlan =
  /** Requests still come to this edge: leave first? */
  | { readonly do: 'offerLeave' }
  /** The front of this core goes on answering: said once, before the app ends. */
  | { readonly do: 'tellFront'; readonly listen: string }
  | { readonly do: 'ask'; readonly running: readonly Cluster[]; readonly front: string | null }
  | { readonly do: 'quit'; readonly stop: readonly ToStop[] };

export interface ToStop {
  readonly name: string;
  /** Something else is being done to it: that is undone first. */
  readonly cancelFirst: boolean;
}

/** What is to be done before the app ends: about requests on an edge, then about clusters, then about the front. */
export function quitPlan(facts: QuitFacts): QuitPlan {
  const { reason, world } = facts;
  if (reason === 'person' && servesAsEdge(world)) return { do: 'offerLeave' };
  return clusterPlan(facts);
}

/** The same when nothing is to be said of an edge any more. */
export function clusterPlan({ reason, ownsEngine, world, whenClusterRuns }: QuitFacts): QuitPlan {
  if (reason !== 'person') return { do: 'quit', stop: [] };
  const running = (world?.clusters ?? []).filter(isUp);
  const front = frontOf(world);
  const keeps = !ownsEngine || running.length === 0 || whenClusterRuns === 'keep';
  if (keeps) return front === null ? { do: 'quit', stop: [] } : { do: 'tellFront', listen: front };
  // A cluster that the front needs is not stopped on the strength of an old answer.
  if (whenClusterRuns === 'ask' || front !== null) return { do: 'ask', running, front };
  return { do: 'quit', stop: running.map(toStop) };
}

/** Where clients call this core; null when nothing answers there, or on another Mac. */
function frontOf(world: World | null): string | null {
  if (world === null || world.role !== 'core' || world.traffic?.state !== 'up') return null;
  return world.traffic.listen;
}

/** Up, or on the way there: a create or a start leaves something running behind. */
function isUp({ state, operation }: Cluster): boolean {
  if (operation !== null && isUndone(operation.verb)) return true;
  return ['running', 'degraded', 'partial', 'starting', 'paused'].includes(state);
}

export function toStop({ name, operation }: Cluster): ToStop {
  return { name, cancelFirst: operation !== null && isUndone(operation.verb) };
}

/** A stop or a delete on the way is what is wanted: it is waited for. */
function isUndone(verb: ClusterVerb): boolean {
  return verb === 'create' || verb === 'start' || verb === 'drain';
}

export type QuitAnswer = 'keep' | 'stop' | 'cancel';

/** The dialog's buttons from left to right; Escape and the close button are the last one. */
export const quitAnswers: readonly QuitAnswer[] = ['stop', 'keep', 'cancel'];

export type LeaveAnswer = 'leave' | 'quit' | 'cancel';

export const leaveAnswers: readonly LeaveAnswer[] = ['leave', 'quit', 'cancel'];
