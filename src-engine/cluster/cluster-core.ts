import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Cluster, ClusterVerb, ProviderStatus } from '../../src-shared/world/clusters.ts';
import type { Disposable } from '../platform/clock.ts';
import { clusterOf, newEntry, type ClusterEntry, type Unfinished } from './cluster-entry.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { recover } from './crash-recovery.ts';
import { openDurations } from './durations.ts';
import { journalIn, type JournalEntry } from './journal.ts';
import { createObserver, type Observer } from './observer.ts';
import { operate, type OperationDeps } from './operations.ts';
import type { ClusterProvider, ClusterRecord } from './provider.ts';
import { openRegistry, type Registry } from './registry-file.ts';
import { weigh } from './admit.ts';
import { createRecheck, type Recheck } from './recheck.ts';
import { rollBack } from './roll-back.ts';
import { nameOf } from './requests.ts';

/** The clusters of this home and the one way to change them; what the verbs' handlers stand on. */
export interface ClusterCore {
  readonly ports: ClusterPorts;
  readonly observer: Observer;
  entries(): ClusterEntry[];
  all(): Cluster[];
  view(entry: ClusterEntry): Cluster;
  find(name: string): ClusterEntry | undefined;
  /** The cluster that was named, or the one meant when none was. */
  known(asked: string | undefined): Result<ClusterEntry>;
  readonly providers: Providers;
  readonly recheck: Recheck;
  publish(): void;
  /** Takes in a cluster that was made elsewhere. */
  take(record: ClusterRecord): Promise<Result<Cluster>>;
  /** Runs a verb; refused with `clusterBusy` while another runs. */
  run(entry: ClusterEntry, verb: ClusterVerb): Promise<Result<Cluster>>;
  /** Providers are known and what a crash left is taken up: verbs may run. */
  readonly begun: Promise<void>;
  /** Picks up what a crash left, ends orphans, looks at everything once, and listens from then on. */
  begin(): Promise<void>;
  dispose(): void;
}

export async function createCore(ports: ClusterPorts): Promise<ClusterCore> {
  const registry = await openRegistry(ports.clustersFolder);
  const journal = journalIn(ports.runFolder);
  const entries = new Map(registry.all().map((record) => [record.name, newEntry(record, ports.clock)]));
  const providers = providersOf(ports);
  const known = (): ClusterEntry[] => [...entries.values()];
  const view = (entry: ClusterEntry): Cluster => clusterOf(entry, ports.clock.monotonicMs());
  const all = (): Cluster[] => known().map(view);
  const publish = (): void => ports.publish(all(), providers.known());
  const observer = createObserver({
    ports,
    entries: known,
    providerOf: providers.of,
    refresh: providers.refresh,
    changed: publish,
    seen: (entry) => retry(parts, entry),
  });
  const durations = await openDurations(ports.runFolder);
  const deps: OperationDeps = { ports, journal, durations, observe: observer.observe, changed: publish };
  const forget = async ({ record }: ClusterEntry): Promise<void> => {
    entries.delete(record.name);
    await registry.remove(record.name);
    publish();
  };
  const parts: Parts = {
    registry,
    entries,
    providers,
    observer,
    deps,
    view,
    forget,
    watching: [],
    resumed: (entry) => recheck.after(entry, { mayRollBack: true }),
  };
  const recheck = recheckOf(parts, publish);
  return { ports, observer, entries: known, all, view, providers, recheck, publish, ...actsOf(parts) };
}

function actsOf(parts: Parts) {
  const { entries, observer, watching, deps } = parts;
  const gate = newGate();
  return {
    find: (name: string) => entries.get(name),
    known: (asked: string | undefined) => entryNamed(entries, asked, deps.ports),
    take: (record: ClusterRecord) => takeIn(parts, record),
    run: (entry: ClusterEntry, verb: ClusterVerb) => runVerb(parts, entry, verb),
    begun: gate.opened,
    begin: () => begin(parts, gate.open),
    dispose() {
      observer.dispose();
      for (const each of watching) each.dispose();
    },
  };
}

function recheckOf(parts: Parts, publish: () => void): Recheck {
  const { providers, deps } = parts;
  const { ports } = deps;
  return createRecheck(ports, {
    async weighAgain(entry) {
      entry.admission = await weigh(ports, providers.of(entry), entry.record);
      publish();
    },
    async rollBack(entry) {
      if (!ports.mayStopUnasked()) return true;
      return rollBack(entry, { ports, publish, stop: () => runVerb(parts, entry, 'stop') });
    },
  });
}

/** What the core is made of, for the functions below. */
interface Parts {
  readonly registry: Registry;
  readonly entries: Map<string, ClusterEntry>;
  readonly providers: Providers;
  readonly observer: Observer;
  readonly deps: OperationDeps;
  view(entry: ClusterEntry): Cluster;
  forget(entry: ClusterEntry): Promise<void>;
  /** A start that was cut off has ended well after all. */
  resumed(entry: ClusterEntry): void;
  /** What listens to the providers. */
  readonly watching: Disposable[];
}

async function runVerb(parts: Parts, entry: ClusterEntry, verb: ClusterVerb): Promise<Result<Cluster>> {
  const { deps, entries, providers, registry } = parts;
  const { name } = entry.record;
  // The journal belongs to the verb that runs: a refused one must not touch it.
  if (entry.progress !== null) return fail('clusterBusy', { name, verb: entry.progress.verb });
  // On disk before the first step, so that a crash finds the owner of what was begun.
  const prepare = async () => verb === 'create' && remember(entries, registry, entry);
  const begunAt = deps.ports.clock.wall().toISOString();
  const result = await operate(deps, entry, providers.of(entry), verb, { prepare });
  if (isGone(entry, verb, result.ok)) await parts.forget(entry);
  entry.unfinished = leftOpen(entry, verb, result, begunAt);
  // Last: until it is forgotten, a crash must still find what was begun.
  if ((entries.get(name) ?? entry) === entry && entry.unfinished === null) deps.journal.clear(name);
  deps.changed();
  return result.ok ? ok(parts.view(entry)) : result;
}

/** A create that failed has removed what it made: when that is still there, Docker did not let it. */
function leftOpen(
  entry: ClusterEntry,
  verb: ClusterVerb,
  result: Result<void>,
  begunAt: string,
): Unfinished | null {
  if (result.ok || entry.observed?.state === 'absent') return null;
  const waitsForDocker = entry.observed?.state === 'unknown';
  if (entry.unfinished !== null) return { ...entry.unfinished, waitsForDocker };
  if (!entry.touched) return null;
  if (verb === 'create') return { verb, waitsForDocker, begunAt };
  // Its way back met no Docker, which would bring up by itself what it began.
  const wayBack = result.error.code === 'cancelled' ? 'stop' : 'start';
  return verb === 'start' && waitsForDocker ? { verb: wayBack, waitsForDocker, begunAt } : null;
}

/** Docker answers again: what waited for it is taken up, as after a crash. */
function retry(parts: Parts, entry: ClusterEntry): void {
  const { unfinished, observed, progress } = entry;
  if (unfinished?.waitsForDocker !== true || observed?.state === 'unknown' || progress !== null) return;
  entry.unfinished = { ...unfinished, waitsForDocker: false };
  const { name } = entry.record;
  const { verb, begunAt } = unfinished;
  const left = { name, verb, step: '', startedAt: begunAt, touched: true, children: [] };
  void takeUp(parts, left, entry).catch((error: unknown) =>
    parts.deps.ports.log.error({ error: String(error) }, 'what was cut off could not be taken up'),
  );
}

async function takeIn({ entries, registry, observer, view, deps }: Parts, record: ClusterRecord) {
  const entry = newEntry(record, deps.ports.clock);
  await remember(entries, registry, entry);
  await observer.observe(entry);
  deps.changed();
  return ok(view(entry));
}

async function begin(parts: Parts, open: () => void): Promise<void> {
  const { deps, entries, providers, observer, registry } = parts;
  // At once: nothing has been looked at, and that is what screens must say.
  deps.changed();
  await providers.refresh();
  const recoveries = (await deps.journal.open()).map(async (left) => {
    const entry = entries.get(left.name);
    return entry === undefined ? deps.journal.clear(left.name) : takeUp(parts, left, entry);
  });
  open();
  for (const { name, watch } of deps.ports.providers) {
    const isIts = ({ record }: ClusterEntry): boolean => record.provider === name;
    const each = watch?.((cluster) => observer.heard(cluster, isIts));
    if (each !== undefined) parts.watching.push(each);
  }
  // What is taken up may take minutes; the others are looked at meanwhile.
  await observer.round();
  await Promise.all(recoveries);
  await endOrphans(deps.ports, registry);
}

function newGate(): { open: () => void; readonly opened: Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}

function remember(
  entries: Map<string, ClusterEntry>,
  registry: Registry,
  entry: ClusterEntry,
): Promise<void> {
  entries.set(entry.record.name, entry);
  return registry.put(entry.record);
}

/** A deleted cluster is forgotten, and so is one that never came to be. */
function isGone(entry: ClusterEntry, verb: ClusterVerb, succeeded: boolean): boolean {
  const absent = entry.observed?.state === 'absent';
  if (verb === 'create') return !succeeded && (absent || !entry.touched);
  // A delete that was cancelled has been finished.
  return verb === 'delete' && absent;
}

/** Each recovery holds its cluster from the first moment: a verb that comes meanwhile is refused as busy. */
async function takeUp(
  { deps, providers, forget, resumed }: Parts,
  left: JournalEntry,
  entry: ClusterEntry,
): Promise<void> {
  const recovered = await recover(deps, left, entry, providers.of(entry));
  entry.unfinished = recovered.is === 'open' ? recovered.unfinished : null;
  if (recovered.is === 'gone') await forget(entry);
  if (recovered.is !== 'open') deps.journal.clear(left.name);
  if (left.verb === 'start' && entry.observed?.state === 'running') resumed(entry);
  deps.changed();
}

async function endOrphans(ports: ClusterPorts, registry: Registry): Promise<void> {
  for (const provider of ports.providers) {
    const ended = await provider.endOrphans(
      registry.all().filter((record) => record.provider === provider.name),
    );
    if (ended.length > 0) ports.log.warn({ provider: provider.name, ended }, 'orphans ended');
  }
}

/** The providers of this home. */
interface Providers {
  of(entry: ClusterEntry): ClusterProvider;
  /** Which could be used when last asked. */
  known(): readonly ProviderStatus[];
  /** Asks them again; Docker comes and goes. */
  refresh(): Promise<readonly ProviderStatus[]>;
}

function providersOf(ports: ClusterPorts): Providers {
  let statuses: readonly ProviderStatus[] = [];
  return {
    known: () => statuses,
    async refresh(): Promise<readonly ProviderStatus[]> {
      statuses = await Promise.all(ports.providers.map((provider) => provider.status()));
      return statuses;
    },
    of(entry: ClusterEntry): ClusterProvider {
      const provider = ports.providers.find(({ name }) => name === entry.record.provider);
      if (provider === undefined) throw new Error(`no provider ${entry.record.provider}`);
      return provider;
    },
  };
}

function entryNamed(
  entries: ReadonlyMap<string, ClusterEntry>,
  asked: string | undefined,
  ports: ClusterPorts,
): Result<ClusterEntry> {
  const name = nameOf(asked, ports.settings(), [...entries.keys()]);
  const entry = entries.get(name);
  return entry === undefined ? fail('clusterUnknown', { name }) : ok(entry);
}
