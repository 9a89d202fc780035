/** Checks in a row that take a side down, and up again (design/limits.md: LOST is decided elsewhere and sooner). */
export const FALL = 4;
export const RISE = 2;

/** What the checks of a side have said so far. */
export interface Health {
  /** Null until the first good check, or the fourth bad one. */
  readonly up: boolean | null;
  /** Checks in a row that spoke against `up`. */
  readonly against: number;
}

export const unseen: Health = { up: null, against: 0 };

/** Takes one check in. A side that was never seen is believed at its first good check; a start is no reason to wait. */
export function checked({ up, against }: Health, good: boolean): Health {
  if (up === good) return { up, against: 0 };
  if (up === null && good) return { up: true, against: 0 };
  const needed = good ? RISE : FALL;
  return against + 1 >= needed ? { up: good, against: 0 } : { up, against: against + 1 };
}
