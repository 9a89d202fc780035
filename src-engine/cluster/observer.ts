import type { Disposable } from '../platform/clock.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import type { ClusterProvider, Observation } from './provider.ts';

const LIVE_MS = 3000;
const QUIET_MS = 30_000;

/** Looks at every cluster at a quiet or lively pace; a state that changes by itself is told. */
export function createObserver(
  ports: ClusterPorts,
  entries: () => readonly ClusterEntry[],
  providerOf: (entry: ClusterEntry) => ClusterProvider,
  changed: () => void,
  refresh: () => Promise<unknown>,
) {
  let timer: Disposable | null = null;
  let live = false;
  const looking = new Map<ClusterEntry, Promise<void>>();

  /** One look at a time per cluster: a second asker waits for the one under way, then looks afresh. */
  async function observe(entry: ClusterEntry): Promise<void> {
    await looking.get(entry);
    const look = providerOf(entry)
      .observe(entry.record)
      .then((observation) => keep(entry, observation));
    looking.set(entry, look);
    await look;
    if (looking.get(entry) === look) looking.delete(entry);
  }
  function keep(entry: ClusterEntry, observation: Observation): void {
    const before = entry.observed?.state;
    entry.observed = observation;
    entry.observedAt = ports.clock.wall();
    entry.observedAtMs = ports.clock.monotonicMs();
    const settled = before !== undefined && before !== observation.state && entry.progress === null;
    // Between two settled states only: a cluster that is still coming up is no news.
    if (settled && before !== 'starting')
      ports.changedUnasked(entry.record.name, before, observation.state, observation.why);
    changed();
  }
  async function round(): Promise<void> {
    await Promise.all([
      refresh(),
      ...entries().map((entry) => (entry.progress === null ? observe(entry) : undefined)),
    ]);
    changed();
  }
  function arm(): void {
    timer?.dispose();
    timer = ports.scheduler.every(live ? LIVE_MS : QUIET_MS, () => void round());
  }
  arm();
  return {
    observe,
    round,
    setLive(next: boolean): void {
      if (next === live) return;
      live = next;
      arm();
      if (live) void round();
    },
    dispose: () => timer?.dispose(),
  };
}
export type Observer = ReturnType<typeof createObserver>;
