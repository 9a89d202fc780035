/** So many probes in a row change the verdict (limits.md, Sudden loss). */
const IN_A_ROW = 2;
/** While nothing is doubted, and from the link's `suspect` on or while a verdict is in doubt (limits.md). Milliseconds. */
export const CALM_MS = 1000;
export const HURRIED_MS = 300;

/** What the probes of the edge's gate say so far. */
export interface EdgeVerdict {
  /** Null: not known yet. */
  readonly alive: boolean | null;
  /** The last probes in a row that ended alike: good if positive, failed if negative. */
  readonly row: number;
}

export const noVerdict: EdgeVerdict = { alive: null, row: 0 };

/**
 * One more probe: two in a row decide.
 *
 * @param good null: it could not be made (no gate is known, the front cannot be asked): nothing is known from it
 */
export function judged(before: EdgeVerdict, good: boolean | null): EdgeVerdict {
  if (good === null) return { alive: before.alive, row: 0 };
  const row = good ? Math.max(0, before.row) + 1 : Math.min(0, before.row) - 1;
  if (Math.abs(row) < IN_A_ROW) return { alive: before.alive, row };
  return { alive: good, row };
}

/** When the next probe begins, after the begin of the last one. */
export function nextProbeMs({ alive, row }: EdgeVerdict, hurried: boolean): number {
  const isDoubted = row !== 0 && Math.abs(row) < IN_A_ROW && alive !== row > 0;
  return hurried || isDoubted ? HURRIED_MS : CALM_MS;
}
