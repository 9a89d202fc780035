import { fail, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { TunnelVerb } from '../../../src-shared/world/tunnel.ts';
import { isDiskFull } from '../../platform/files.ts';
import { refOf, type ProcessRef } from '../../platform/processes.ts';
import { untold } from './memory.ts';
import type { Parts } from './parts.ts';
import type { Step, StepEvents } from './ports.ts';
import { advanced, begun, ended, type Progress } from './progress.ts';
import { sweep } from './sweep.ts';
import { undoIntent } from './undo.ts';

export interface Wish {
  readonly verb: TunnelVerb;
  readonly clusterId: string;
  readonly steps: readonly Step[];
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
  // What is half joined still needs the place that LAN mode had.
  Object.assign(parts, { progress: null, interrupt: null, claims: isLeft && verb === 'join' });
  if (isLeft) markLeft(parts);
  else memory.done();
  const elapsedMs = Math.round(ports.clock.monotonicMs() - beganMs);
  const how = result.ok ? 'done' : result.error.code === 'cancelled' ? 'cancelled' : 'failed';
  ports.note(`tunnel.${verb}`, `${verb} of Submariner: ${how}`, {
    verb,
    clusterId: wish.clusterId,
    elapsedMs,
    error: result.ok ? null : result.error,
    steps: (done?.steps ?? []).flatMap(({ id, startedMs, endedMs }) =>
      startedMs === null ? [] : [[id, Math.round((endedMs ?? ports.clock.monotonicMs()) - startedMs)]],
    ),
  });
  ports.changed();
  return result;
}

/** The steps, their undo, and what may not stay after either. */
async function carriedOut(
  parts: Parts,
  wish: Wish,
  interrupted: AbortSignal,
): Promise<{ readonly result: Result<void>; readonly isLeft: boolean }> {
  const end = { isUndone: true };
  const undo = async (reached: string): Promise<void> => {
    end.isUndone = await undone(parts, reached);
  };
  try {
    const result = await parts.ports.runPlan({ steps: wish.steps, undo }, eventsOf(parts, wish), interrupted);
    return { result: wordsOf(result), isLeft: !end.isUndone };
  } catch (error) {
    return { result: broken(error), isLeft: parts.memory.intent()?.touched === true };
  } finally {
    await sweep(parts);
  }
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

function eventsOf(parts: Parts, { verb, clusterId }: Wish): StepEvents {
  const { ports, memory } = parts;
  const startedAt = ports.clock.wall().toISOString();
  let touched = false;
  const update = (change: (progress: Progress) => Progress): void => {
    if (parts.progress === null) return;
    parts.progress = change(parts.progress);
    ports.changed();
  };
  return {
    begins(id, step) {
      touched ||= step.harmless !== true;
      const cluster = ports.cluster()?.name ?? '-';
      const now = memory.intent();
      const noted = now?.verb === verb ? now : null;
      memory.intend({
        verb,
        step: id,
        startedAt,
        touched,
        children: [],
        cluster,
        clusterId,
        before: noted?.before ?? untold,
        registers: noted?.registers ?? false,
        undoFailed: false,
      });
      update((progress) => advanced(progress, id, ports.clock.monotonicMs()));
    },
    detail: (detail) => update((progress) => ({ ...progress, detail })),
    child: (pid) => parts.noteChild(pid),
  };
}

/** Pid and start of a tool, in the intent: should the engine be killed, the next one ends it first. */
export function childNoter(parts: Pick<Parts, 'memory' | 'ports'>): (pid: number) => void {
  return (pid) => {
    void refOf(pid)
      .then((ref: ProcessRef | null) => {
        const intent = parts.memory.intent();
        if (ref !== null && intent !== null)
          parts.memory.intend({ ...intent, children: [...intent.children, ref].slice(-4) });
      })
      .catch((error: unknown) =>
        parts.ports.log.error({ error: String(error) }, 'a child was not journaled'),
      );
  };
}

/** An undo that breaks off (a full disk) has not undone anything. */
async function undone(parts: Parts, reached: string): Promise<boolean> {
  const intent = parts.memory.intent();
  if (intent === null) return true;
  try {
    return await undoIntent(parts, { ...intent, step: reached });
  } catch (error) {
    parts.ports.log.error({ error: String(error) }, 'an undo broke off');
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
  if (isDiskFull(error)) return fail('diskFull', { path: 'run/submariner' });
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
