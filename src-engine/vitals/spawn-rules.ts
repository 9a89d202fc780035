import { periodMs, type Kind, type Situation } from './cadence.ts';

/**
 * The spawn budget (research/vitals.md, section 7): while nobody looks and nothing presses, at most
 * six programs a minute, and never two of the same kind within five seconds. Sampling periods are
 * divided by the time scale, so these are too.
 */
export interface Spawn {
  readonly tool: string;
  readonly kind: Kind;
  readonly atMs: number;
}

const SAME_TOOL_MS = 5000;
const WINDOW_MS = 60_000;
const SPAWNS_PER_WINDOW = 6;

/**
 * When a program may be started.
 *
 * @param wantedMs when its period is over
 * @param past spawns so far, oldest first
 * @param turn `urgent`: an event asks for it, or it is the first reading, so the minute's budget does not
 *   hold it back; `ahead`: how many others have waited for longer, so that the rarest one gets its turn
 * @returns monotonic milliseconds, `wantedMs` or later
 */
export function earliestSpawnMs(
  task: { readonly tool: string; readonly kind: Kind },
  wantedMs: number,
  past: readonly Spawn[],
  at: Situation,
  turn: { readonly urgent: boolean; readonly ahead: number },
): number {
  if (at.live) return wantedMs;
  const last = past.findLast((spawn) => spawn.tool === task.tool);
  const apart = last === undefined ? wantedMs : Math.max(wantedMs, last.atMs + SAME_TOOL_MS / at.timeScale);
  const calm = !at.memoryHigh && !at.thermalHigh && !at.percentInDoubt;
  if (!calm || turn.urgent || task.kind === 'memory') return apart;
  // Memory decides most and is cheap: it is never held back. The others share what it leaves.
  const windowMs = WINDOW_MS / at.timeScale;
  const memory = Math.round(windowMs / (periodMs('memory', at) ?? Infinity));
  const allowed = Math.max(1, SPAWNS_PER_WINDOW - memory - turn.ahead);
  const others = past.filter((spawn) => spawn.kind !== 'memory').slice(-allowed);
  const oldest = others.length < allowed ? undefined : others[0];
  return oldest === undefined ? apart : Math.max(apart, oldest.atMs + windowMs);
}

/** What must be remembered for the next decision. */
export function recentSpawns(past: readonly Spawn[], nowMs: number): Spawn[] {
  return past.filter((spawn) => nowMs - spawn.atMs <= 2 * WINDOW_MS);
}
