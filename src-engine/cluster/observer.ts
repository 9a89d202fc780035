import type { Disposable } from '../platform/clock.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import type { ClusterProvider, Observation } from './provider.ts';

const LIVE_MS = 3000;
const QUIET_MS = 30_000;

export interface ObserverNeeds {
  readonly ports: ClusterPorts;
  entries(): readonly ClusterEntry[];
  providerOf(entry: ClusterEntry): ClusterProvider;
  /** Asks which providers could be used; each round while somebody looks. */
  refresh(): Promise<unknown>;
  changed(): void;
}

export interface Observer extends Disposable {
  /** Looks at one cluster now. */
  observe(entry: ClusterEntry): Promise<void>;
  /** Looks at all clusters that nothing is being done to. */
  round(): Promise<void>;
  setLive(live: boolean): void;
}

/** Looks at every cluster at a quiet or lively pace; a state that changes by itself is told. */
export function createObserver(needs: ObserverNeeds): Observer {
  const { ports } = needs;
  let timer: Disposable | null = null;
  let live = false;
  const looking = new Map<ClusterEntry, Promise<void>>();
  /** One look at a time per cluster: a second asker waits for the one under way, then looks afresh. */
  async function observe(entry: ClusterEntry): Promise<void> {
    await looking.get(entry);
    const look = needs.providerOf(entry).observe(entry.record);
    const kept = look
      .then((observation) => keep(needs, entry, observation))
      // A look that breaks is no look: the last one stays, and grows old on the screens.
      .catch((error: unknown) =>
        ports.log.error({ error: String(error) }, 'a cluster could not be looked at'),
      );
    looking.set(entry, kept);
    await kept;
    if (looking.get(entry) === kept) looking.delete(entry);
  }
  async function round(): Promise<void> {
    const idle = needs.entries().filter((entry) => entry.progress === null);
    // Which tools are there matters to who looks; a create asks by itself.
    await Promise.all([live ? needs.refresh() : undefined, ...idle.map(observe)]);
    needs.changed();
  }
  function arm(): void {
    timer?.dispose();
    timer = ports.scheduler.every(live ? LIVE_MS : QUIET_MS, () => void round());
  }
  arm();
  return {
    observe,
    round,
    setLive(next) {
      if (next === live) return;
      live = next;
      arm();
      if (live) void round();
    },
    dispose: () => timer?.dispose(),
  };
}

function keep({ ports, changed }: ObserverNeeds, entry: ClusterEntry, observation: Observation): void {
  const before = entry.observed?.state;
  entry.observed = observation;
  entry.observedAt = ports.clock.wall();
  entry.observedAtMs = ports.clock.monotonicMs();
  const byItself = before !== undefined && before !== observation.state && entry.progress === null;
  // A cluster that is still coming up is no news.
  if (byItself && before !== 'starting')
    ports.changedUnasked(entry.record.name, before, observation.state, observation.why);
  changed();
}
