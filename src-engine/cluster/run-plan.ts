import { fail, ok, type Result, type TandemError } from '../../src-shared/errors/result.ts';
import type { Scheduler } from '../platform/clock.ts';
import type { Plan, Step, StepContext } from './provider.ts';

/** What a running plan tells about itself. */
export interface PlanEvents {
  /** A step, or a part of one, begins. Called before anything of it is done. */
  begins(id: string): void;
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
 * Runs the steps in order, each within its limit. After a failure or an interruption the plan's `undo` has run.
 * `interrupted.signal.reason` is the TandemError to report.
 */
export async function runPlan(
  plan: Plan,
  events: PlanEvents,
  interrupted: AbortSignal,
  scheduler: Scheduler,
): Promise<Result<void>> {
  for (const step of plan.steps) {
    const result = await runStep(step, events, interrupted, scheduler);
    if (result.ok) continue;
    await plan.undo(step.id);
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
  events.begins(step.parts?.[0] ?? step.id);
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
      part: events.begins,
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
