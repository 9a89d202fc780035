import type { GateView } from '../../src-shared/world/traffic.ts';

/** So many probes in a row change the verdict (limits.md, Sudden loss). */
const IN_A_ROW = 2;
/** While nothing is doubted, and from the link's `suspect` on or while a verdict is in doubt (limits.md). Milliseconds. */
export const CALM_MS = 1000;
export const HURRIED_MS = 300;

export type NotReady = GateView['notReady'];

/** What one probe of the gate's readiness found. */
export interface GateLook {
  readonly ready: boolean;
  /** Why not, by the gate's own word; null: it is ready, or it is silent, which is a death. */
  readonly notReady: NotReady;
}

/** What the probes of the edge's gate say so far. */
export interface EdgeVerdict {
  /** Null: not known yet. */
  readonly alive: boolean | null;
  /** The last probes in a row that ended alike: good if positive, failed if negative. */
  readonly row: number;
  /** The gate's own word, while it is not ready: one that drains alone is not dead. */
  readonly notReady: NotReady;
  /** Probes in a row without any word of it. */
  readonly silent: number;
}

export const noVerdict: EdgeVerdict = { alive: null, row: 0, notReady: null, silent: 0 };

/**
 * One more probe: two in a row decide. A word of the gate counts at once, since its key is the pair's; its silence
 * only the second time, or one lost packet would cut what a draining edge holds.
 *
 * @param look null: it could not be made (no gate is known, the front cannot be asked): nothing is known from it
 */
export function judged(before: EdgeVerdict, look: GateLook | null): EdgeVerdict {
  if (look === null) return { ...before, row: 0 };
  const row = look.ready ? Math.max(0, before.row) + 1 : Math.min(0, before.row) - 1;
  const alive = Math.abs(row) < IN_A_ROW ? before.alive : look.ready;
  if (look.ready) return { alive, row, notReady: alive === true ? null : before.notReady, silent: 0 };
  if (look.notReady !== null) return { alive, row, notReady: look.notReady, silent: 0 };
  const silent = before.silent + 1;
  return { alive, row, notReady: silent < IN_A_ROW ? before.notReady : null, silent };
}

/** When the next probe begins, after the begin of the last one. */
export function nextProbeMs({ alive, row, notReady, silent }: EdgeVerdict, hurried: boolean): number {
  const isDoubted = row !== 0 && Math.abs(row) < IN_A_ROW && alive !== row > 0;
  const isMissed = notReady !== null && silent > 0;
  return hurried || isDoubted || isMissed ? HURRIED_MS : CALM_MS;
}
