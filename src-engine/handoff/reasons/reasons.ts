import type { LeaveReason, ReasonName } from '../../../src-shared/world/handoff.ts';
import type { StageFact } from '../room-ports.ts';

/** A reason as this edge keeps it. */
export interface HeldReason {
  readonly reason: LeaveReason;
  /** A person cancelled the departure that it caused: it counts for nothing until it clears or reaches stop. */
  readonly silenced: boolean;
  /**
   * Of the journal: vitals of a new engine need their dwell again before they can say the same, so that their
   * silence is no news until then (monotonic milliseconds). Null: what vitals say is true at once.
   */
  readonly graceUntilMs: number | null;
}

/** At most one per name. Each clears only itself. */
export type Reasons = readonly HeldReason[];
export type Level = LeaveReason['level'];

/** Reasons that vitals make, by the first word of the metric. */
const families = ['battery', 'memory', 'thermal'] as const;
type Family = (typeof families)[number];

const heights: Readonly<Record<Level, number>> = { warn: 0, drain: 1, forced: 2 };
/** A stage of vitals as the level of a reason (design decision 6). */
const levels = { warn: 'warn', drain: 'drain', stop: 'forced' } as const;
/** A person's, and what a person's `return` declares over. */
const endedByPerson: readonly ReasonName[] = ['user', 'shutdown', 'suspend'];

/** The worst of each family. */
export function stageReasons(fact: StageFact): readonly LeaveReason[] {
  return families.flatMap((name) => {
    const own = fact.reasons.flatMap(({ metric, stage, value, since }) =>
      stage === 'ok' || !metric.startsWith(`${name}.`)
        ? []
        : [{ name, level: levels[stage], since, detail: reading(metric, value) }],
    );
    return own.sort((one, other) => heights[other.level] - heights[one.level]).slice(0, 1);
  });
}

const units: Readonly<Record<string, string>> = {
  'battery.percent': ' %',
  'battery.minutesToStop': ' min',
  'memory.availablePercent': ' %',
  'memory.stallPercent': ' %',
  'memory.swapGrowth': ' MB/min',
};

function reading(metric: string, value: number | null): string | null {
  if (value === null) return null;
  return `${Math.round(value * 10) / 10}${units[metric] ?? ''}`;
}

/** What vitals say now replaces what they said before, and touches nothing else. */
export function withStages(reasons: Reasons, fact: StageFact, nowMs: number): Reasons {
  const said = stageReasons(fact);
  const others = reasons.filter(({ reason }) => !isFamily(reason.name));
  const mine = families.flatMap((name) => {
    const next = afterStage(find(reasons, name), said.find((one) => one.name === name) ?? null, nowMs);
    return next === null ? [] : [next];
  });
  return [...others, ...mine];
}

function afterStage(before: HeldReason | null, now: LeaveReason | null, nowMs: number): HeldReason | null {
  if (before === null) return now === null ? null : { reason: now, silenced: false, graceUntilMs: null };
  const grace = before.graceUntilMs !== null && nowMs < before.graceUntilMs;
  const lower = now === null || heights[now.level] < heights[before.reason.level];
  if (grace && lower) return before;
  if (now === null) return null;
  const silenced = before.silenced && now.level !== 'forced';
  // The reading at which it began stays: a detail that follows every sample is vitals' own to show.
  const reason = now.level === before.reason.level ? before.reason : now;
  return { reason, silenced, graceUntilMs: null };
}

/** Adds it, or replaces the one of that name. */
export function withReason(reasons: Reasons, reason: LeaveReason): Reasons {
  return [...without(reasons, reason.name), { reason, silenced: false, graceUntilMs: null }];
}

export function without(reasons: Reasons, ...names: readonly ReasonName[]): Reasons {
  return reasons.filter(({ reason }) => !names.includes(reason.name));
}

export function find(reasons: Reasons, name: ReasonName): HeldReason | null {
  return reasons.find(({ reason }) => reason.name === name) ?? null;
}

/** A person cancelled an automatic departure: what caused it is silent from now on. */
export function silenced(reasons: Reasons): Reasons {
  return reasons.map((held) =>
    isFamily(held.reason.name) && held.reason.level === 'drain' ? { ...held, silenced: true } : held,
  );
}

/** A person wants to come back: what only a person ends is over. */
export function afterReturnAsked(reasons: Reasons): Reasons {
  return without(reasons, ...endedByPerson);
}

/** What moves this edge now. While automation is paused: stage stop, shutdown, suspend and people alone. */
export function acting(reasons: Reasons, mayAct: boolean): readonly LeaveReason[] {
  return reasons.filter((held) => !held.silenced && (mayAct || holdsAlways(held.reason))).map(bare);
}

/** What keeps a departure going that has begun: a pause of automation does not turn it round. */
export function standing(reasons: Reasons): readonly LeaveReason[] {
  return reasons.filter((held) => !held.silenced && held.reason.level !== 'warn').map(bare);
}

/** What stands against a return. A person who asks is not held back by a mere warning. */
export function blocking(reasons: Reasons, person: boolean): readonly LeaveReason[] {
  return person ? standing(reasons) : reasons.filter((held) => !held.silenced).map(bare);
}

/** Does something force it now: stage stop, shutdown, suspend, a closed lid? */
export function isForced(reasons: Reasons, mayAct: boolean): boolean {
  return acting(reasons, mayAct).some(({ level }) => level === 'forced');
}

/** At stage stop: the cluster has to end, whether there is traffic or not. */
export function isStageStop(reason: LeaveReason): boolean {
  return reason.level === 'forced' && isFamily(reason.name);
}

/** As a person sees them: one that was silenced is still there, as a warning. */
export function shown(reasons: Reasons): readonly LeaveReason[] {
  return reasons.map((held) => (held.silenced ? { ...held.reason, level: 'warn' } : held.reason));
}

export function names(reasons: readonly LeaveReason[]): string {
  return reasons.map(({ name }) => name).join(', ');
}

function holdsAlways(reason: LeaveReason): boolean {
  return endedByPerson.includes(reason.name) || isStageStop(reason);
}

function isFamily(name: ReasonName): name is Family {
  return (families as readonly string[]).includes(name);
}

function bare(held: HeldReason): LeaveReason {
  return held.reason;
}
