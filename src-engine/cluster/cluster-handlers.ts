import type { PodReport } from '../../src-shared/pod-report.ts';
import { systemPodsInTrouble } from '../../src-shared/world/system-pods.ts';
import type { Caller, Handlers, ParsedInput } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { admit, weigh } from './admit.ts';
import type { ClusterCore } from './cluster-core.ts';
import { newEntry, type ClusterEntry } from './cluster-entry.ts';
import type { Adoptable } from './provider.ts';
import { cancel } from './operations.ts';
import { chooseProvider, newRecord } from './requests.ts';

type Verb =
  | 'list'
  | 'create'
  | 'adopt'
  | 'start'
  | 'stop'
  | 'delete'
  | 'drain'
  | 'cancel'
  | 'admission'
  | 'kubeconfig'
  | 'logs';
export type ClusterHandlers = Pick<Handlers<Caller>, `cluster.${Verb}`>;

/** The verbs of the cluster room. */
export function clusterHandlers(core: ClusterCore): ClusterHandlers {
  return {
    'cluster.list': async () => ok({ clusters: core.all(), others: await others(core) }),
    'cluster.create': (input) => create(core, input),
    'cluster.adopt': (input) => adopt(core, input),
    'cluster.start': ({ name, force }) => on(core, name, (entry) => start(core, entry, force)),
    'cluster.stop': ({ name }) => on(core, name, (entry) => core.run(entry, 'stop')),
    'cluster.delete': ({ name, yes }) => on(core, name, (entry) => remove(core, entry, yes)),
    'cluster.drain': ({ name }) => on(core, name, (entry) => core.run(entry, 'drain')),
    'cluster.cancel': ({ name }) => on(core, name, (entry) => stopOperation(core, entry)),
    'cluster.admission': ({ name }) =>
      on(core, name, async (entry) => ok(await weigh(core.ports, core.providers.of(entry), entry.record))),
    'cluster.kubeconfig': ({ name }) => on(core, name, (entry) => kubeconfig(core, entry)),
    'cluster.logs': ({ name, pod }) => on(core, name, (entry) => logs(core, entry, pod)),
  };
}

async function on<T>(
  core: ClusterCore,
  asked: string | undefined,
  act: (entry: ClusterEntry) => Promise<Result<T>>,
): Promise<Result<T>> {
  await core.begun;
  const entry = core.known(asked);
  return entry.ok ? act(entry.value) : entry;
}

async function create(core: ClusterCore, input: ParsedInput<'cluster.create'>): Promise<Result<Cluster>> {
  const { ports } = core;
  await core.begun;
  const provider = chooseProvider(input.provider, ports.settings(), await core.providers.refresh());
  if (!provider.ok) return provider;
  const record = newRecord(
    input,
    provider.value,
    ports.settings(),
    ports.clock.wall().toISOString(),
    ports.lan(),
  );
  if (!record.ok) return record;
  const entry = newEntry(record.value, ports.clock);
  const free = await isFree(core, record.value.name);
  if (!free.ok) return free;
  const admitted = await admit(core, entry, input.force);
  if (!admitted.ok) return admitted;
  const taken = takenBy(core.find(record.value.name));
  return taken ?? begun(core, entry, 'create', input.force);
}

/** What the tools have here and this home does not know. */
async function others({ ports, find }: ClusterCore): Promise<Adoptable[]> {
  const found = await Promise.all(ports.providers.map(async ({ all }) => all?.() ?? []));
  return found.flat().filter(({ name }) => find(name) === undefined);
}

/** With consent alone: from then on it is started, stopped and, when somebody asks for that, deleted like one of ours. */
async function adopt(
  core: ClusterCore,
  { name, provider: asked, yes: isAgreed }: ParsedInput<'cluster.adopt'>,
): Promise<Result<Cluster>> {
  const { ports } = core;
  await core.begun;
  const free = await isFree(core, name);
  if (!free.ok) return free;
  const named = (await others(core)).filter((other) => other.name === name);
  const [found, another] = named.filter((other) => other.provider === (asked ?? other.provider));
  if (found !== undefined && another !== undefined) return fail('adoptWhich', { name });
  const provider = ports.providers.find((each) => each.name === (found?.provider ?? asked ?? 'kind'));
  if (provider?.adopt === undefined) return fail('nothingToAdopt', { name });
  if (!isAgreed) return fail('notConfirmed', { why: 'adopt', name, what: `cluster adopt ${name}` });
  const record = await provider.adopt(name, ports.clock.wall().toISOString());
  if (!record.ok) return record;
  return takenBy(core.find(name)) ?? core.take(record.value);
}

/** A name is free when nothing has it, or when what had it was deleted by somebody else. */
async function isFree(core: ClusterCore, name: string): Promise<Result<void>> {
  const existing = core.find(name);
  if (existing !== undefined && existing.progress === null) await core.observer.observe(existing);
  return takenBy(existing) ?? ok(undefined);
}

function takenBy(existing: ClusterEntry | undefined): Result<never> | null {
  if (existing === undefined) return null;
  if (existing.progress !== null) return busy(existing);
  return existing.observed?.state === 'absent' ? null : fail('clusterExists', { name: existing.record.name });
}

async function start(core: ClusterCore, entry: ClusterEntry, force: boolean): Promise<Result<Cluster>> {
  if (entry.progress !== null) return busy(entry);
  await core.observer.observe(entry);
  const { state, why } = entry.observed ?? { state: 'unknown', why: null };
  if (state === 'absent') return fail('clusterAbsent', { name: entry.record.name });
  // Nothing to do, and nothing that a failing step could undo; a drained one takes requests again.
  if (state === 'running' && why === null) return ok(core.view(entry));
  const admitted = state === 'running' ? ok(undefined) : await admit(core, entry, force);
  return admitted.ok ? begun(core, entry, 'start', force) : admitted;
}

/** It is taken back only for memory that it took itself, and that nobody said yes to. */
async function begun(
  core: ClusterCore,
  entry: ClusterEntry,
  verb: 'create' | 'start',
  isForced: boolean,
): Promise<Result<Cluster>> {
  const wasShort = core.ports.memory()?.level === 'critical';
  const result = await core.run(entry, verb);
  if (result.ok) core.recheck.after(entry, { mayRollBack: !isForced && !wasShort });
  return result;
}

async function remove(core: ClusterCore, entry: ClusterEntry, confirmed: boolean): Promise<Result<Cluster>> {
  if (!confirmed) return fail('notConfirmed', { what: `cluster delete ${entry.record.name}` });
  return core.run(entry, 'delete');
}

async function stopOperation(core: ClusterCore, entry: ClusterEntry): Promise<Result<Cluster>> {
  const result = cancel(entry);
  core.publish();
  return result.ok ? ok(core.view(entry)) : result;
}

async function kubeconfig(core: ClusterCore, entry: ClusterEntry): Promise<Result<{ kubeconfig: string }>> {
  const text = await core.providers.of(entry).kubeconfig(entry.record);
  return text.ok ? ok({ kubeconfig: text.value }) : text;
}

/** Of the cluster's own pods that fail now, and of no other: what people run on it may write secrets into its log. */
async function logs(
  core: ClusterCore,
  entry: ClusterEntry,
  asked: string | undefined,
): Promise<Result<PodReport>> {
  const { name } = entry.record;
  const inTrouble = systemPodsInTrouble(entry.observed?.workload);
  const found = asked === undefined ? inTrouble[0] : inTrouble.find((pod) => pod.name === asked);
  if (found === undefined)
    return fail('podNotFailing', asked === undefined ? { why: 'none', name } : { name, pod: asked });
  const text = await core.providers.of(entry).kubeconfig(entry.record);
  return text.ok ? core.ports.podReport(name, text.value, found.name) : text;
}

function busy(entry: ClusterEntry): Result<never> {
  return fail('clusterBusy', { name: entry.record.name, verb: entry.progress?.verb ?? 'create' });
}
