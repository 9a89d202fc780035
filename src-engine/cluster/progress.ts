import type { ClusterVerb, Operation, StepStatus } from '../../src-shared/world/clusters.ts';

/** A running operation as numbers; the World's `operation` is drawn from it. */
export interface Progress {
  readonly verb: ClusterVerb;
  readonly startedAt: string;
  readonly steps: readonly StepProgress[];
  readonly cancelling: boolean;
  readonly detail: string | null;
}

export interface StepProgress {
  readonly id: string;
  readonly status: StepStatus['status'];
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly usualMs: number | null;
  /** Longer than that is slow; null: nothing may be claimed. */
  readonly slowAfterMs: number | null;
}

/** Marks `id` as running; whatever ran before it is done, and what was passed over was not needed. */
export function advancedTo(progress: Progress, id: string, nowMs: number): Progress {
  const target = progress.steps.findIndex((step) => step.id === id);
  const steps = progress.steps.map((step, index): StepProgress => {
    if (index === target && step.status !== 'running')
      return { ...step, status: 'running', startedMs: nowMs, endedMs: null };
    if (index >= target) return step;
    return step.status === 'running'
      ? ended(step, 'done', nowMs)
      : step.status === 'waiting'
        ? { ...step, status: 'skipped' }
        : step;
  });
  return { ...progress, steps, detail: null };
}

/** Ends whatever is running, with that status. */
export function endedWith(progress: Progress, status: 'done' | 'failed', nowMs: number): Progress {
  const steps = progress.steps.map((step) => (step.status === 'running' ? ended(step, status, nowMs) : step));
  return { ...progress, steps, detail: null };
}

function ended(step: StepProgress, status: 'done' | 'failed', nowMs: number): StepProgress {
  return { ...step, status, endedMs: nowMs };
}

/**
 * Time left: what the waiting steps usually take, and what is left of the running one's usual time.
 *
 * @returns milliseconds, or null when a step that is still to come was never timed here
 */
export function etaMs(progress: Progress, nowMs: number): number | null {
  let left = 0;
  for (const step of progress.steps) {
    if (step.status !== 'waiting' && step.status !== 'running') continue;
    if (step.usualMs === null) return null;
    left +=
      step.status === 'waiting'
        ? step.usualMs
        : Math.max(0, step.usualMs - (nowMs - (step.startedMs ?? nowMs)));
  }
  return Math.round(left);
}

/** The World's picture of it. */
export function operationOf(progress: Progress, nowMs: number): Operation {
  const running =
    progress.steps.find((step) => step.status === 'running') ??
    progress.steps.findLast((step) => step.endedMs !== null);
  return {
    verb: progress.verb,
    step: running?.id ?? progress.steps[0]?.id ?? '',
    done: progress.steps.filter((step) => step.status === 'done' || step.status === 'skipped').length,
    total: progress.steps.length,
    startedAt: progress.startedAt,
    etaMs: etaMs(progress, nowMs),
    steps: progress.steps.map((step) => statusOf(step, nowMs)),
    cancelling: progress.cancelling,
    detail: progress.detail,
  };
}

function statusOf(
  { id, status, startedMs, endedMs, usualMs, slowAfterMs }: StepProgress,
  nowMs: number,
): StepStatus {
  const elapsedMs = startedMs === null ? null : Math.round((endedMs ?? nowMs) - startedMs);
  const isSlow = elapsedMs !== null && slowAfterMs !== null && elapsedMs > slowAfterMs;
  return { step: id, status, elapsedMs, usualMs, ...(isSlow ? { slow: true as const } : {}) };
}
