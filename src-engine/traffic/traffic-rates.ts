import type { Shares } from '../../src-shared/world/traffic.ts';

/** `seen` speaks of so long (design/interface.md, `traffic.seen`). */
const WINDOW_MS = 5000;
/** A timer that fires a little early must not double the window of who is read every 5 s. */
const SLACK_MS = 500;
const MOST_KEPT = 32;

/** How many requests each side had been given when it was read; monotonic time. */
export interface Reading {
  readonly atMs: number;
  readonly core: number;
  readonly edge: number;
}

export interface Rates {
  /** Share of the requests in the window, percent; null when there were none or it cannot be told. */
  readonly seen: Shares | null;
  readonly requestsPerSecond: number | null;
  readonly perSecond: { readonly core: number; readonly edge: number } | null;
}

export const noRates: Rates = { seen: null, requestsPerSecond: null, perSecond: null };

/** The readings that a rate of later may still need, with the new one at the end. Counters that fell began anew. */
export function kept(readings: readonly Reading[], next: Reading): readonly Reading[] {
  const last = readings.at(-1);
  if (last !== undefined && (next.core < last.core || next.edge < last.edge)) return [next];
  const all = [...readings, next];
  const base = all.findLastIndex(({ atMs }) => isBefore(atMs, next.atMs));
  return all.slice(Math.max(0, base, all.length - MOST_KEPT));
}

/** What the last 5 s of readings say; of less than that, what there is. */
export function ratesOf(readings: readonly Reading[]): Rates {
  const now = readings.at(-1);
  if (now === undefined) return noRates;
  const base = readings.findLast(({ atMs }) => isBefore(atMs, now.atMs)) ?? readings[0];
  const spanMs = base === undefined ? 0 : now.atMs - base.atMs;
  if (base === undefined || spanMs <= 0) return noRates;
  const core = now.core - base.core;
  const edge = now.edge - base.edge;
  const total = core + edge;
  const perSecond = { core: (core * 1000) / spanMs, edge: (edge * 1000) / spanMs };
  const seen = total === 0 ? null : { core: (100 * core) / total, edge: (100 * edge) / total };
  return { seen, requestsPerSecond: perSecond.core + perSecond.edge, perSecond };
}

function isBefore(atMs: number, nowMs: number): boolean {
  return nowMs - atMs >= WINDOW_MS - SLACK_MS;
}
