import { fail, ok, type Result, type TandemError } from '../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../src-shared/world/clusters.ts';
import { isDiskFull } from '../platform/files.ts';
import { refOf, type ProcessRef } from '../platform/processes.ts';
import type { ClusterEntry } from './cluster-entry.ts';
import type { ClusterPorts, OperationReport } from './cluster-ports.ts';
import type { Durations } from './durations.ts';
import type { Journal } from './journal.ts';
import { watchMemory } from './memory-watch.ts';
import { advancedTo, endedWith, operationOf, type Progress } from './progress.ts';
import type { ClusterProvider, Plan } from './provider.ts';
import { runPlan, stepIds, type PlanEvents } from './run-plan.ts';
import { slowAfterMs } from './slow-step.ts';

export interface OperationDeps {
  readonly ports: ClusterPorts;
  readonly journal: Journal;
  readonly durations: Durations;
  observe(entry: ClusterEntry): Promise<void>;
  /** Something of the entry changed that screens show. */
  changed(): void;
}

export interface OperationOptions {
  /** Set when a crash had cut the operation off. */
  readonly recovered?: OperationReport['recovered'];
  /** Runs once the cluster is taken, before anything of the plan. */
  readonly prepare?: () => Promise<unknown>;
}

/**
 * Carries out one verb on one cluster: journaled before the first step, one at a time per cluster,
 * observed afterwards. Success is what is seen, not what a tool said.
 */
export async function operate(
  deps: OperationDeps,
  entry: ClusterEntry,
  provider: ClusterProvider,
  verb: ClusterVerb,
  options: OperationOptions = {},
): Promise<Result<void>> {
  const { name } = entry.record;
  if (entry.progress !== null) return fail('clusterBusy', { name, verb: entry.progress.verb });
  const startedMs = deps.ports.clock.monotonicMs();
  const interrupt = take(deps, entry, verb);
  const work = planOf(provider, entry, verb, options).then(async (planned) => {
    const result = planned.ok ? await carryOut(deps, entry, planned.value, interrupt) : planned;
    // Looked at while the operation still stands: what it changed is no news to anybody.
    await deps.observe(entry);
    return planned.ok ? checkState(entry, verb, result, planned.value) : result;
  });
  entry.over = work.then(() => undefined);
  const result = await work;
  const progress: Progress | null = entry.progress;
  entry.progress = null;
  entry.interrupt = null;
  conclude(deps, entry, { verb, recovered: options.recovered ?? null, startedMs, progress, result });
  return result;
}

/** From here on every other verb is refused. */
function take(deps: OperationDeps, entry: ClusterEntry, verb: ClusterVerb): AbortController {
  const interrupt = new AbortController();
  entry.interrupt = interrupt;
  entry.touched = false;
  const startedAt = deps.ports.clock.wall().toISOString();
  entry.progress = { verb, startedAt, steps: [], cancelling: false, detail: null };
  // What must not happen meanwhile is decided by what the World says.
  deps.changed();
  return interrupt;
}

/** A full disk or a bug here must not leave the cluster taken for ever. */
async function planOf(
  provider: ClusterProvider,
  entry: ClusterEntry,
  verb: ClusterVerb,
  options: OperationOptions,
): Promise<Result<Plan>> {
  try {
    await options.prepare?.();
    return await provider.plan(verb, entry.record);
  } catch (error) {
    if (isDiskFull(error)) return fail('diskFull', { path: 'clusters/registry.json' });
    return fail('internal', { detail: error instanceof Error ? error.message : String(error) });
  }
}

async function carryOut(
  deps: OperationDeps,
  entry: ClusterEntry,
  plan: Plan,
  interrupt: AbortController,
): Promise<Result<void>> {
  const { ports } = deps;
  layOut(deps, entry, plan);
  const ticking = ports.scheduler.every(1000, deps.changed);
  const memory = startsSomething(entry) ? watchMemory(ports, () => interrupt.abort(rolledBack(entry))) : null;
  ports.knownStep();
  try {
    const result = await runPlan(plan, eventsOf(deps, entry), interrupt.signal, ports.scheduler);
    update(deps, entry, (now) => endedWith(now, result.ok ? 'done' : 'failed', ports.clock.monotonicMs()));
    rememberDurations(deps, entry);
    return result;
  } catch (error) {
    return fail('internal', { detail: error instanceof Error ? error.message : String(error) });
  } finally {
    ticking.dispose();
    memory?.dispose();
    ports.knownStep();
  }
}

/** All steps as waiting, each with what it usually takes. */
function layOut({ durations }: OperationDeps, entry: ClusterEntry, plan: Plan): void {
  const progress = entry.progress as Progress;
  const steps = stepIds(plan).map((id) => {
    const { alike, any } = durationKeys(entry, progress, id);
    const alikeMs = durations.usual(alike);
    return {
      id,
      status: 'waiting' as const,
      startedMs: null,
      endedMs: null,
      usualMs: alikeMs ?? durations.usual(any),
      // Three nodes take longer than one: that is no reason to ask why.
      slowAfterMs: slowAfterMs({ usualMs: alikeMs, runs: durations.runs(alike) }),
    };
  });
  entry.progress = { ...progress, steps };
}

/** Of clusters of the same size, and of any that the same tool made. */
function durationKeys({ record }: ClusterEntry, { verb }: Progress, step: string) {
  const { provider, nodes } = record;
  return { alike: `${provider}.${nodes}.${verb}.${step}`, any: `${provider}.${verb}.${step}` };
}

function rememberDurations({ durations }: OperationDeps, entry: ClusterEntry): void {
  const progress = entry.progress as Progress;
  for (const { id, status, startedMs, endedMs } of progress.steps)
    if (status === 'done' && startedMs !== null && endedMs !== null)
      for (const key of Object.values(durationKeys(entry, progress, id)))
        durations.add(key, endedMs - startedMs);
}

function startsSomething({ progress }: ClusterEntry): boolean {
  return progress?.verb === 'start' || progress?.verb === 'create';
}

function update(deps: OperationDeps, entry: ClusterEntry, change: (progress: Progress) => Progress): void {
  if (entry.progress === null) return;
  entry.progress = change(entry.progress);
  deps.changed();
}

function eventsOf(deps: OperationDeps, entry: ClusterEntry): PlanEvents {
  const { ports } = deps;
  const journal = journalOf(deps, entry);
  const advance = (id: string): void =>
    update(deps, entry, (now) => advancedTo(now, id, ports.clock.monotonicMs()));
  return {
    begins: (id, step) => {
      entry.touched ||= step.harmless !== true;
      journal.write(id);
      advance(id);
    },
    part: advance,
    detail: (detail) => update(deps, entry, (now) => ({ ...now, detail })),
    child: journal.child,
  };
}

/** Keeps the intent on disk while it runs: the step that is about to begin, and children by pid and start. */
function journalOf({ journal, ports }: OperationDeps, entry: ClusterEntry) {
  const children: ProcessRef[] = [];
  const { verb, startedAt } = entry.progress as Progress;
  let step = '';
  const keep = (): void =>
    journal.write({ name: entry.record.name, verb, step, startedAt, touched: entry.touched, children });
  return {
    write: (id: string): void => {
      step = id;
      keep();
    },
    child: (pid: number): void => {
      void refOf(pid)
        .then((ref) => {
          if (ref === null || entry.progress === null) return;
          children.push(ref);
          keep();
        })
        // The step is under way already: a full disk now must not end it, nor the engine.
        .catch((error: unknown) => ports.log.error({ error: String(error) }, 'a child was not journaled'));
    },
  };
}

function rolledBack(entry: ClusterEntry): TandemError {
  return { code: 'memoryRolledBack', params: { name: entry.record.name } };
}

function checkState(entry: ClusterEntry, verb: ClusterVerb, result: Result<void>, plan: Plan): Result<void> {
  const state = entry.observed?.state ?? 'unknown';
  if (!result.ok || plan.expected.includes(state)) return result;
  return fail('notAsExpected', {
    name: entry.record.name,
    verb,
    state,
    expected: plan.expected[0] ?? 'absent',
  });
}

function stepTimes(progress: Pick<Progress, 'steps'>): [string, number][] {
  return progress.steps.flatMap(({ id, startedMs, endedMs }) =>
    startedMs === null || endedMs === null ? [] : [[id, Math.round(endedMs - startedMs)] as [string, number]],
  );
}

interface Conclusion {
  readonly verb: ClusterVerb;
  readonly recovered: OperationReport['recovered'];
  readonly startedMs: number;
  readonly progress: Progress | null;
  readonly result: Result<void>;
}

function conclude(
  deps: OperationDeps,
  entry: ClusterEntry,
  { verb, recovered, startedMs, progress, result }: Conclusion,
): void {
  const { ports } = deps;
  const { name, provider } = entry.record;
  const error = result.ok ? null : result.error;
  const cancelled = error?.code === 'cancelled';
  const outcome = error === null ? 'done' : cancelled ? 'cancelled' : 'failed';
  const endedMs = ports.clock.monotonicMs();
  const elapsedMs = Math.round(endedMs - startedMs);
  const endedAt = ports.clock.wall().toISOString();
  entry.lastFailure =
    error === null || cancelled ? null : { at: endedAt, verb, code: error.code, params: { ...error.params } };
  // What did not get as far as its first step tells nothing of any.
  if (progress !== null && progress.steps.length > 0) {
    const { steps } = operationOf(endedWith(progress, error === null ? 'done' : 'failed', endedMs), endedMs);
    entry.lastOperation = { verb, outcome, endedAt, elapsedMs, steps };
  }
  ports.report({
    name,
    provider,
    verb,
    outcome,
    recovered,
    elapsedMs,
    state: entry.observed?.state ?? 'unknown',
    error,
    steps: stepTimes(progress ?? { steps: [] }),
  });
  deps.changed();
}

/** Asks the running operation to end; its result is then `cancelled`. */
export function cancel(entry: ClusterEntry): Result<void> {
  const { name } = entry.record;
  if (entry.progress === null || entry.interrupt === null) return fail('nothingToCancel', { name });
  entry.progress = { ...entry.progress, cancelling: true };
  entry.interrupt.abort({
    code: 'cancelled',
    params: { name, verb: entry.progress.verb },
  } satisfies TandemError);
  return ok(undefined);
}
