import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import { periodMs, type Kind, type Situation } from './cadence.ts';
import { earliestSpawnMs, recentSpawns, type Spawn } from './spawn-rules.ts';

/** Something that is done again and again. */
export interface SamplerTask {
  readonly kind: Kind;
  /** The program it starts; null when it starts none. */
  readonly tool: string | null;
  /** Must not reject. */
  run(): Promise<void>;
}

export interface SamplerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly tasks: readonly SamplerTask[];
  situation(): Situation;
}

export interface Sampler extends Disposable {
  /** Plans all tasks anew: the situation, and with it the periods, may have changed. */
  replan(): void;
  /** Does these as soon as the rules allow. */
  now(kinds: readonly Kind[]): void;
  /** The kind was heard of in another way: its next check is a whole period from now. */
  heard(kind: Kind): void;
  /** A program was started elsewhere; the budget counts it. */
  noteSpawn(kind: Kind, tool: string): void;
}

interface Plan {
  readonly task: SamplerTask;
  /** Start of the last run, or when it was heard of otherwise; null before the first. */
  lastMs: number | null;
  urgent: boolean;
  inFlight: boolean;
  timer: Disposable | null;
  dueMs: number | null;
}

/** Runs each task at its period: one of a kind in flight, and within the budget of spawn-rules.ts. */
export function createSampler(ports: SamplerPorts): Sampler {
  const { clock, scheduler, situation } = ports;
  const plans = ports.tasks.map((task): Plan => ({ task, ...freshPlan }));
  let spawns: Spawn[] = [];
  let disposed = false;

  function replan(): void {
    if (disposed) return;
    const [at, nowMs] = [situation(), clock.monotonicMs()];
    for (const plan of plans) {
      const dueMs = dueOf(plan, plans, spawns, at, nowMs);
      if (plan.timer !== null && plan.dueMs === dueMs) continue;
      plan.timer?.dispose();
      plan.dueMs = dueMs;
      plan.timer = dueMs === null ? null : scheduler.after(waitMs(dueMs, nowMs), () => start(plan));
    }
  }

  function start(plan: Plan): void {
    plan.timer = null;
    const nowMs = clock.monotonicMs();
    // Another program of its kind may have been started since this was planned.
    const dueMs = dueOf(plan, plans, spawns, situation(), nowMs);
    if (disposed || dueMs === null || dueMs > nowMs) return replan();
    Object.assign(plan, { lastMs: nowMs, urgent: false, inFlight: true });
    if (plan.task.tool !== null) noteSpawn(plan.task.kind, plan.task.tool);
    void plan.task.run().finally(() => {
      plan.inFlight = false;
      replan();
    });
  }

  function noteSpawn(kind: Kind, tool: string): void {
    const atMs = clock.monotonicMs();
    spawns = [...recentSpawns(spawns, atMs), { kind, tool, atMs }];
  }

  return {
    replan,
    noteSpawn,
    now(wanted) {
      for (const plan of plans) plan.urgent ||= wanted.includes(plan.task.kind);
      replan();
    },
    heard(kind) {
      for (const plan of plans)
        if (plan.task.kind === kind && plan.lastMs !== null) plan.lastMs = clock.monotonicMs();
    },
    dispose() {
      disposed = true;
      for (const plan of plans) plan.timer?.dispose();
    },
  };
}

/** Rounded up: a timer that fires a fraction too early would find nothing due yet. */
const waitMs = (dueMs: number, nowMs: number): number => Math.max(0, Math.ceil(dueMs - nowMs));

const freshPlan = { lastMs: null, urgent: false, inFlight: false, timer: null, dueMs: null } as const;

/** When a task may start next; null: not before something else happens. */
function dueOf(
  plan: Plan,
  plans: readonly Plan[],
  spawns: readonly Spawn[],
  at: Situation,
  nowMs: number,
): number | null {
  const { kind, tool } = plan.task;
  const period = periodMs(kind, at);
  if (period === null || plan.inFlight || plans.some((other) => other.inFlight && sameTool(other, plan)))
    return null;
  const urgent = plan.urgent || plan.lastMs === null;
  const wanted = urgent ? nowMs : (plan.lastMs ?? 0) + period;
  if (tool === null) return urgent ? wanted : together(wanted, period);
  const ahead = plans.filter((other) => waitsSince(other, at) < Math.min(wanted, nowMs)).length;
  return earliestSpawnMs({ kind, tool }, wanted, spawns, at, { urgent, ahead });
}

const GRID_MS = 1000;

/**
 * On moments that all kinds share which start no program, so that what is read at one period wakes the engine, and is
 * judged, once: their own delays would drive them apart.
 */
function together(dueMs: number, period: number): number {
  const grid = period % GRID_MS === 0 ? GRID_MS : period;
  return Math.round(dueMs / grid) * grid;
}

/** Since when the minute's budget has held a task back; Infinity when it never does. */
function waitsSince({ task: { kind, tool }, inFlight, lastMs }: Plan, at: Situation): number {
  const period = periodMs(kind, at);
  if (tool === null || kind === 'memory' || inFlight || period === null || lastMs === null) return Infinity;
  return lastMs + period;
}

function sameTool(one: Plan, other: Plan): boolean {
  return one.task.tool !== null && one.task.tool === other.task.tool;
}
