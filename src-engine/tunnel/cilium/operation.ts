import { fail, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import { isDiskFull } from '../../platform/files.ts';
import { refOf } from '../../platform/processes.ts';
import type { Step, StepEvents } from '../submariner/ports.ts';
import { advanced, begun, ended, type Progress } from '../submariner/progress.ts';
import type { Intent } from './memory.ts';
import { clusterName, type Parts } from './parts.ts';

export interface Wish {
  readonly verb: Intent['verb'];
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
  const { verb, steps } = wish;
  const interrupt = take(parts, wish);
  const beganMs = ports.clock.monotonicMs();
  const ticking = ports.scheduler.every(1000, ports.changed);
  const work = ports
    .runPlan({ steps, undo: () => undo(parts, wish) }, eventsOf(parts, wish), interrupt.signal)
    .catch((error: unknown) => broken(error));
  parts.over = work;
  const result = wordsOf(await work);
  ticking.dispose();
  const done = progressOf(parts);
  if (done !== null)
    rememberTimes(parts, ended(done, result.ok ? 'done' : 'failed', ports.clock.monotonicMs()));
  Object.assign(parts, { progress: null, interrupt: null });
  if (memory.intent()?.undoFailed !== true) memory.done();
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

function eventsOf(parts: Parts, { verb, peerName }: Wish): StepEvents {
  const { ports, memory } = parts;
  let touched = false;
  const update = (change: (progress: Progress) => Progress): void => {
    if (parts.progress === null) return;
    parts.progress = change(parts.progress);
    ports.changed();
  };
  return {
    begins(id, step) {
      touched ||= step.harmless !== true;
      const cluster = clusterName(parts);
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

/** What could not be undone stays written down, is named, and is tried again. */
async function undo({ memory }: Parts, wish: Wish): Promise<void> {
  const isUndone = await wish.undo();
  const now = memory.intent();
  if (!isUndone && now !== null) memory.intend({ ...now, undoFailed: true });
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
