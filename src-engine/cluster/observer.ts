import type { Disposable, Scheduler } from '../platform/clock.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import type { ClusterProvider, Observation } from './provider.ts';

const LIVE_MS = 3000;
const QUIET_MS = 30_000;
/** A start of three nodes is three events within a second, and one look. */
const TOGETHER_MS = 200;

export interface ObserverNeeds {
  readonly ports: ClusterPorts;
  entries(): readonly ClusterEntry[];
  providerOf(entry: ClusterEntry): ClusterProvider;
  /** Asks which providers could be used; each round while somebody looks. */
  refresh(): Promise<unknown>;
  changed(): void;
  /** A cluster that nothing is being done to was looked at. */
  seen(entry: ClusterEntry): void;
}

export interface Observer extends Disposable {
  /** Looks at one cluster now. */
  observe(entry: ClusterEntry): Promise<void>;
  /** Looks at all clusters that nothing is being done to. */
  round(): Promise<void>;
  setLive(live: boolean): void;
  /** Something was heard of a cluster, or of any of those that `concerns`: it is looked at in a moment. */
  heard(name: string | null, concerns: (entry: ClusterEntry) => boolean): void;
}

/** Looks at every cluster at a quiet or lively pace, and when something is heard; a state that changes by itself is told. */
export function createObserver(needs: ObserverNeeds): Observer {
  const { ports } = needs;
  let live = false;
  const soon = newSoon(ports.scheduler, (entry) => void observe(entry).then(arm));
  const looking = new Map<ClusterEntry, Promise<void>>();
  /** One look at a time per cluster: a second asker waits for the one under way, then looks afresh. */
  async function observe(entry: ClusterEntry): Promise<void> {
    while (looking.has(entry)) await looking.get(entry);
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
    arm();
  }
  const pace = newPace(ports.scheduler, () => void round());
  /** Nothing tells when a cluster that comes up by itself has come up: it is watched closely until then. */
  const arm = (): void => pace.set(live || needs.entries().some(isRising) ? LIVE_MS : QUIET_MS);
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
    heard(name, concerns) {
      for (const entry of needs.entries())
        if (entry.progress === null && (name === null || entry.record.name === name) && concerns(entry))
          soon.add(entry);
      if (name === null) void refreshed(needs);
    },
    dispose() {
      pace.dispose();
      soon.dispose();
    },
  };
}

async function refreshed({ refresh, changed, ports }: ObserverNeeds): Promise<void> {
  try {
    await refresh();
    changed();
  } catch (error) {
    ports.log.error({ error: String(error) }, 'providers could not be asked');
  }
}

const isRising = ({ progress, observed }: ClusterEntry): boolean =>
  progress === null && observed?.state === 'starting';

/** Does something again and again, at a pace that may change. */
function newPace(scheduler: Scheduler, act: () => void) {
  let timer: Disposable | null = null;
  let nowMs = 0;
  let isOver = false;
  return {
    set(periodMs: number): void {
      if (periodMs === nowMs || isOver) return;
      nowMs = periodMs;
      timer?.dispose();
      timer = scheduler.every(periodMs, act);
    },
    dispose(): void {
      isOver = true;
      timer?.dispose();
    },
  };
}

/** What is named several times within a moment is done once. */
function newSoon(scheduler: Scheduler, act: (entry: ClusterEntry) => void) {
  const waiting = new Map<ClusterEntry, Disposable>();
  return {
    add(entry: ClusterEntry): void {
      if (waiting.has(entry)) return;
      const timer = scheduler.after(TOGETHER_MS, () => {
        waiting.delete(entry);
        // An operation looks by itself, when it ends.
        if (entry.progress === null) act(entry);
      });
      waiting.set(entry, timer);
    },
    dispose: () => waiting.forEach((timer) => timer.dispose()),
  };
}

function keep({ ports, changed, seen }: ObserverNeeds, entry: ClusterEntry, observation: Observation): void {
  const before = entry.observed?.state;
  entry.observed = observation;
  entry.observedAt = ports.clock.wall();
  entry.observedAtMs = ports.clock.monotonicMs();
  const byItself = before !== undefined && before !== observation.state && entry.progress === null;
  // A cluster that is still coming up is no news.
  if (byItself && before !== 'starting')
    ports.changedUnasked(entry.record.name, before, observation.state, observation.why);
  changed();
  if (entry.progress === null) seen(entry);
}
