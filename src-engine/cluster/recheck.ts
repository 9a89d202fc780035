import type { ClusterCore } from './cluster-core.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import { weigh } from './admit.ts';
import { RECHECK_MS } from './memory-watch.ts';

/** After a start the guard looks again at 15, 60 and 180 s, so that the card tells how it turned out. */
export function recheckAfterStart(core: ClusterCore, entry: ClusterEntry): void {
  for (const delayMs of RECHECK_MS)
    core.ports.scheduler.after(delayMs, () => {
      // The cluster may be gone, or on its way elsewhere, by then.
      if (
        core.find(entry.record.name) !== entry ||
        entry.progress !== null ||
        entry.observed?.state !== 'running'
      )
        return;
      void weigh(core, entry).then((admission) => {
        entry.admission = admission;
        core.publish();
      });
    });
}
