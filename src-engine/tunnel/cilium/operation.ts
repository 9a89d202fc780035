import { fail, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import { isDiskFull } from '../../platform/files.ts';
import { refOf } from '../../platform/processes.ts';
import type { Step, StepEvents } from '../submariner/ports.ts';
import { advanced, begun, ended, type Progress } from '../submariner/progress.ts';
import type { Intent } from './memory.ts';
import { clusterName, type Parts } from './parts.ts';

export interface Wish {
  readonly verb: Intent['verb'];
  /** This Mac's name of the cluster in which it is done: in another one, nothing is. */
  readonly cluster: string;
  readonly steps: readonly Step[];
  /** Known when its first steps have looked. */
  peerName(): string;
  /** Nothing of it is left. False: not all could be undone now. */
  undo(): Promise<boolean>;
}

/** Carries out one verb: its intent is on disk before each step, and undone, or kept to be undone, when it fails. */
export async function operate(parts: Parts, wish: Wish): Promise<Result<void>> {
  const { ports, memory } = parts;
  if (parts.progress !== null) return fail('tunnelBusy', { verb: parts.progress.verb });
  const { verb } = wish;
  const interrupt = take(parts, wish);
  const beganMs = ports.clock.monotonicMs();
  const ticking = ports.scheduler.every(1000, ports.changed);
  const work = carriedOut(parts, wish, interrupt.signal);
  parts.over = work;
  const { result, isLeft } = await work;
  ticking.dispose();
  const done = progressOf(parts);
  if (done !== null)
    rememberTimes(parts, ended(done, result.ok ? 'done' : 'failed', ports.clock.monotonicMs()));
  Object.assign(parts, { progress: null, interrupt: null });
  if (isLeft) markLeft(parts);
  else memory.done();
  const how = result.ok ? 'done' : result.error.code === 'cancelled' ? 'cancelled' : 'failed';
  ports.note(`tunnel.${verb}`, `${verb} of Cluster Mesh: ${how}`, {
    verb,
    peerName: wish.peerName(),
    elapsedMs: Math.round(ports.clock.monotonicMs() - beganMs),
    error: result.ok ? null : result.error,
  });
  ports.changed();
  return result;
}

interface Carried {
  readonly result: Result<void>;
  /** Something of it is half done still. */
  readonly isLeft: boolean;
}

/** The steps and their undo. What a former try left half done stays so until one is done, whatever this one touches. */
async function carriedOut(parts: Parts, wish: Wish, interrupted: AbortSignal): Promise<Carried> {
  const { ports, memory } = parts;
  const wasTouched = memory.intent()?.touched === true;
  const end = { isUndone: true };
  const undo = async (): Promise<void> => {
    end.isUndone = await undone(parts, wish);
  };
  const plan = { steps: wish.steps.map((step) => inCluster(parts, wish, step)), undo };
  try {
    const result = await ports.runPlan(plan, eventsOf(parts, wish), interrupted);
    return { result: wordsOf(result), isLeft: !result.ok && (wasTouched || !end.isUndone) };
  } catch (error) {
    return { result: broken(error), isLeft: memory.intent()?.touched === true };
  }
}

/** Another cluster is meant by now: no step of this verb begins there. */
function inCluster(parts: Parts, { verb, cluster }: Wish, step: Step): Step {
  return {
    ...step,
    async run(context) {
      if (clusterName(parts) === cluster) return step.run(context);
      return fail('tunnelUnfinished', { verb, step: step.id, name: cluster, why: 'ciliumElsewhere' });
    },
  };
}

/** As it is now: what was known of it before a wait says nothing. */
const progressOf = ({ progress }: Parts): Progress | null => progress;

/** From here on every other verb is refused. */
function take(parts: Parts, { verb, steps }: Wish): AbortController {
  const { ports } = parts;
  const interrupt = new AbortController();
  parts.interrupt = interrupt;
  const ids = steps.map(({ id }) => id);
  parts.progress = begun(verb, ports.clock.wall().toISOString(), ids, (id) => ports.usualMs(`${verb}.${id}`));
  ports.changed();
  return interrupt;
}

function eventsOf(parts: Parts, { verb, cluster, peerName }: Wish): StepEvents {
  const { ports, memory } = parts;
  let touched = memory.intent()?.touched ?? false;
  const update = (change: (progress: Progress) => Progress): void => {
    if (parts.progress === null) return;
    parts.progress = change(parts.progress);
    ports.changed();
  };
  return {
    begins(id, step) {
      touched ||= step.harmless !== true;
      const intent = { verb, step: id, touched, children: [], cluster, undoFailed: false };
      memory.intend({ ...intent, peerName: peerName() });
      update((progress) => advanced(progress, id, ports.clock.monotonicMs()));
    },
    detail: (detail) => update((progress) => ({ ...progress, detail })),
    child: (pid) => noteChild(parts, pid),
  };
}

/** Pid and start of a tool, in the intent: should the engine be killed, the next one ends it first. */
export function noteChild({ memory, ports }: Pick<Parts, 'memory' | 'ports'>, pid: number): void {
  void refOf(pid)
    .then((ref) => {
      const intent = memory.intent();
      if (ref !== null && intent !== null)
        memory.intend({ ...intent, children: [...intent.children, ref].slice(-4) });
    })
    .catch((error: unknown) => ports.log.error({ error: String(error) }, 'a child was not journaled'));
}

/** An undo that breaks off (a full disk) has not undone anything. */
async function undone({ ports }: Parts, wish: Wish): Promise<boolean> {
  try {
    return await wish.undo();
  } catch (error) {
    ports.log.error({ error: String(error) }, 'an undo broke off');
    return false;
  }
}

/** It stays written down, is named, and is tried again. Where nothing can be written, its last step's intent stands. */
function markLeft({ memory, ports }: Parts): void {
  const now = memory.intent();
  try {
    if (now !== null) memory.intend({ ...now, undoFailed: true });
  } catch (error) {
    ports.log.error({ error: String(error) }, 'what is half done could not be marked');
  }
}

function rememberTimes({ ports }: Parts, { verb, steps }: Progress): void {
  for (const { id, status, startedMs, endedMs } of steps)
    if (status === 'done' && startedMs !== null && endedMs !== null)
      ports.took(`${verb}.${id}`, endedMs - startedMs);
}

function broken(error: unknown): Result<never> {
  if (isDiskFull(error)) return fail('diskFull', { path: 'run/cilium' });
  return fail('internal', { detail: error instanceof Error ? error.message : String(error) });
}

/** Both sentences name the log of clusters else. */
function wordsOf(result: Result<void>): Result<void> {
  if (result.ok || !['stepTimedOut', 'toolFailed'].includes(result.error.code)) return result;
  return fail(result.error.code, { ...result.error.params, why: 'tunnel' });
}

/** Ends what is under way; its result is then `cancelled`. */
export function cancel(parts: Parts): Result<void> {
  const { progress, interrupt, ports } = parts;
  if (progress === null || interrupt === null) return fail('nothingToCancel', { name: 'tunnel' });
  parts.progress = { ...progress, cancelling: true };
  const error: TandemError = { code: 'cancelled', params: { why: 'tunnel', verb: progress.verb } };
  interrupt.abort(error);
  ports.changed();
  return { ok: true, value: undefined };
}
