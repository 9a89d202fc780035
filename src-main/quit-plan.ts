import type { Settings } from '../src-shared/settings.ts';
import type { Cluster, ClusterVerb } from '../src-shared/world/clusters.ts';
import type { World } from '../src-shared/world/world.ts';

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
  | { readonly do: 'ask'; readonly running: readonly Cluster[] }
  | { readonly do: 'quit'; readonly stop: readonly ToStop[] };

export interface ToStop {
  readonly name: string;
  /** Something else is being done to it: that is undone first. */
  readonly cancelFirst: boolean;
}

/** What is to be done with the clusters before the app ends. */
export function quitPlan({ reason, ownsEngine, world, whenClusterRuns }: QuitFacts): QuitPlan {
  const running = (world?.clusters ?? []).filter(isUp);
  if (reason !== 'person' || !ownsEngine || running.length === 0 || whenClusterRuns === 'keep')
    return { do: 'quit', stop: [] };
  return whenClusterRuns === 'ask' ? { do: 'ask', running } : { do: 'quit', stop: running.map(toStop) };
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
