import type { TunnelOperation, TunnelVerb } from '../../../src-shared/world/tunnel.ts';

interface StepProgress {
  readonly id: string;
  readonly status: TunnelOperation['steps'][number]['status'];
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly usualMs: number | null;
}

/** A verb under way, as numbers; times are monotonic. */
export interface Progress {
  readonly verb: TunnelVerb;
  readonly startedAt: string;
  readonly steps: readonly StepProgress[];
  readonly cancelling: boolean;
  readonly detail: string | null;
}

export function begun(
  verb: TunnelVerb,
  startedAt: string,
  ids: readonly string[],
  usualMs: (id: string) => number | null,
): Progress {
  const steps = ids.map((id) => ({
    id,
    status: 'waiting' as const,
    startedMs: null,
    endedMs: null,
    usualMs: usualMs(id),
  }));
  return { verb, startedAt, steps, cancelling: false, detail: null };
}

/** `id` runs from now on, and what ran before it is done. */
export function advanced(progress: Progress, id: string, nowMs: number): Progress {
  const steps = ended(progress, 'done', nowMs).steps.map((step) =>
    step.id === id ? { ...step, status: 'running' as const, startedMs: nowMs, endedMs: null } : step,
  );
  return { ...progress, steps, detail: null };
}

export function ended(progress: Progress, status: 'done' | 'failed', nowMs: number): Progress {
  const steps = progress.steps.map((step) =>
    step.status === 'running' ? { ...step, status, endedMs: nowMs } : step,
  );
  return { ...progress, steps, detail: null };
}

/** The World's picture of it. What is left is told only when every step to come was timed here before. */
export function operationOf(progress: Progress, nowMs: number): TunnelOperation {
  const { verb, startedAt, steps, cancelling, detail } = progress;
  const now =
    steps.find(({ status }) => status === 'running') ?? steps.findLast(({ endedMs }) => endedMs !== null);
  return {
    verb,
    step: now?.id ?? steps[0]?.id ?? '',
    done: steps.filter(({ status }) => status === 'done').length,
    total: steps.length,
    startedAt,
    etaMs: leftMs(steps, nowMs),
    steps: steps.map(({ id, status, startedMs, endedMs, usualMs }) => ({
      step: id,
      status,
      elapsedMs: startedMs === null ? null : Math.round((endedMs ?? nowMs) - startedMs),
      usualMs,
    })),
    cancelling,
    detail,
  };
}

function leftMs(steps: readonly StepProgress[], nowMs: number): number | null {
  const open = steps.filter(({ status }) => status === 'waiting' || status === 'running');
  if (open.some(({ usualMs }) => usualMs === null)) return null;
  return Math.round(
    open.reduce((sum, { usualMs, startedMs }) => {
      const spentMs = startedMs === null ? 0 : nowMs - startedMs;
      return sum + Math.max(0, (usualMs ?? 0) - spentMs);
    }, 0),
  );
}
