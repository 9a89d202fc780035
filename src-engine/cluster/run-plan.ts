import { fail, ok, type Result, type TandemError } from '../../src-shared/errors/result.ts';
import type { Scheduler } from '../platform/clock.ts';
import { isDiskFull } from '../platform/files.ts';
import type { Plan, Step, StepContext } from './provider.ts';

/** What a running plan tells about itself. */
export interface PlanEvents {
  /** A step begins. Called before anything of it is done; throws when the intent could not be kept. */
  begins(id: string, step: Step): void;
  /** A part of the running step begins. */
  part(id: string): void;
  detail(text: string | null): void;
  child(pid: number): void;
}

/** Why a plan was ended from outside. */
export type Interruption = { readonly error: TandemError };

/** A step that does not heed its signal is waited for this much longer, then left behind. */
const HEED_MS = 15_000;

/** Ids as people see them: a step's parts stand in its place. */
export function stepIds(plan: Plan): string[] {
  return plan.steps.flatMap((step) => step.parts ?? [step.id]);
}

/**
 * Runs the steps in order, each within its limit. After a failure or an interruption the plan's `undo` has run,
 * unless nothing but harmless steps had begun.
 * `interrupted.signal.reason` is the TandemError to report.
 */
export async function runPlan(
  plan: Plan,
  events: PlanEvents,
  interrupted: AbortSignal,
  scheduler: Scheduler,
): Promise<Result<void>> {
  let touched = false;
  const noting: PlanEvents = {
    ...events,
    begins: (id, step) => {
      events.begins(id, step);
      touched ||= step.harmless !== true;
    },
  };
  for (const step of plan.steps) {
    const result = await runStep(step, noting, interrupted, scheduler);
    if (result.ok) continue;
    if (touched) await plan.undo(step.id, result.error);
    plan.after?.(result.error);
    return result;
  }
  return ok(undefined);
}

async function runStep(
  step: Step,
  events: PlanEvents,
  interrupted: AbortSignal,
  scheduler: Scheduler,
): Promise<Result<void>> {
  if (interrupted.aborted) return { ok: false, error: interrupted.reason as TandemError };
  const intent = begun(step, events);
  if (!intent.ok) return intent;
  const ended = new AbortController();
  const tooLong: TandemError = {
    code: 'stepTimedOut',
    params: { step: step.id, limitSeconds: Math.round(step.limitMs / 1000) },
  };
  const limit = scheduler.after(step.limitMs, () => ended.abort(tooLong));
  const forward = (): void => ended.abort(interrupted.reason);
  interrupted.addEventListener('abort', forward);
  try {
    const context: StepContext = {
      signal: ended.signal,
      part: events.part,
      detail: events.detail,
      child: events.child,
    };
    const result = await Promise.race([settled(step, context), leftBehind(ended.signal, scheduler)]);
    return ended.signal.aborted ? { ok: false, error: ended.signal.reason as TandemError } : result;
  } finally {
    limit.dispose();
    interrupted.removeEventListener('abort', forward);
  }
}

/** Without its intent on disk a step is not begun. */
function begun(step: Step, events: PlanEvents): Result<void> {
  try {
    events.begins(step.parts?.[0] ?? step.id, step);
    return ok(undefined);
  } catch (error) {
    if (isDiskFull(error)) return fail('diskFull', { path: 'run/' });
    return fail('internal', { detail: error instanceof Error ? error.message : String(error) });
  }
}

async function settled(step: Step, context: StepContext): Promise<Result<void>> {
  try {
    return await step.run(context);
  } catch (error) {
    return fail('internal', { detail: error instanceof Error ? error.message : String(error) });
  }
}

function leftBehind(signal: AbortSignal, scheduler: Scheduler): Promise<Result<void>> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => void scheduler.after(HEED_MS, () => resolve(ok(undefined))));
  });
}
