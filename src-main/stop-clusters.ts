import { pause, type Scheduler } from '../src-engine/platform/clock.ts';
import type { TandemError } from '../src-shared/errors/result.ts';
import type { EngineLink } from './engine-link.ts';
import type { ToStop } from './quit-plan.ts';

export interface StopDeps {
  readonly link: Pick<EngineLink, 'call'>;
  readonly scheduler: Scheduler;
  /** A cluster that could not be stopped. */
  refused(name: string, error: TandemError): void;
}

const AGAIN_MS = 500;

/** Stops all of them, each after what is being done to it; returns when the limit is over at the latest. */
export async function stopClusters(
  deps: StopDeps,
  clusters: readonly ToStop[],
  limitMs: number,
): Promise<void> {
  const over = new AbortController();
  const all = Promise.all(clusters.map((one) => stopOne(deps, one, over.signal)));
  await Promise.race([all, pause(deps.scheduler, limitMs, over.signal)]);
  over.abort();
}

async function stopOne(
  { link, scheduler, refused }: StopDeps,
  { name, cancelFirst }: ToStop,
  over: AbortSignal,
): Promise<void> {
  if (cancelFirst) await link.call('cluster.cancel', { name });
  for (;;) {
    const result = await link.call('cluster.stop', { name });
    if (result.ok || over.aborted) return;
    // What was cancelled is still being undone, or another stop is on its way.
    if (result.error.code !== 'clusterBusy') return refused(name, result.error);
    await pause(scheduler, AGAIN_MS, over);
  }
}
