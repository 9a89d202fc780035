import type { Settings } from '../src-shared/settings.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
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
  | { readonly do: 'quit'; readonly stop: readonly string[] };

/** What is to be done with the clusters before the app ends. */
export function quitPlan({ reason, ownsEngine, world, whenClusterRuns }: QuitFacts): QuitPlan {
  const running = (world?.clusters ?? []).filter(({ state }) => isUp(state));
  if (reason !== 'person' || !ownsEngine || running.length === 0 || whenClusterRuns === 'keep')
    return { do: 'quit', stop: [] };
  return whenClusterRuns === 'ask'
    ? { do: 'ask', running }
    : { do: 'quit', stop: running.map(({ name }) => name) };
}

function isUp(state: Cluster['state']): boolean {
  return ['running', 'degraded', 'partial', 'starting', 'paused'].includes(state);
}

export type QuitAnswer = 'keep' | 'stop' | 'cancel';

/** The dialog's buttons from left to right; Escape and the close button are the last one. */
export const quitAnswers: readonly QuitAnswer[] = ['stop', 'keep', 'cancel'];
