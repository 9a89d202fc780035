import type { Notice } from '../src-shared/world/notices.ts';

/** What the presenting of notices must remember. */
export interface NoticeMemory {
  /** Ids that were dealt with: each is shown at most once. */
  readonly seen: ReadonlySet<string>;
  /** New ones that wait for the throttle; one of each category. */
  readonly waiting: readonly Notice[];
  /** Shown on the screen and still open when it was: id by category. */
  readonly shown: ReadonlyMap<Notice['category'], string>;
  readonly lastShownAtMs: number | null;
}

export const nothingShown: NoticeMemory = {
  seen: new Set(),
  waiting: [],
  shown: new Map(),
  lastShownAtMs: null,
};

export interface NoticeFacts {
  readonly notices: readonly Notice[];
  readonly enabled: boolean;
  /** Somebody looks at the popover, which tells the same. */
  readonly popoverVisible: boolean;
  /** Monotonic. */
  readonly nowMs: number;
  /** What happened before this app started is history: the dot tells of it if it is still open. */
  readonly sinceIso: string;
}

export interface NoticeDecision {
  readonly memory: NoticeMemory;
  readonly show: readonly Notice[];
  /** Categories whose notification is to be taken away: replaced, or solved. */
  readonly close: readonly Notice['category'][];
  /** Ask again after this long; null when nothing waits. */
  readonly againInMs: number | null;
}

const THROTTLE_MS = 500;

/** Which notices become notifications now (design research, desktop-shell A2: Mullvad's policy). */
export function decideNotices(memory: NoticeMemory, facts: NoticeFacts): NoticeDecision {
  const { notices, nowMs } = facts;
  const fresh = notices.filter((one) => !memory.seen.has(one.id));
  // Only what the engine still lists can come again: the memory does not grow.
  const seen = new Set(notices.map((one) => one.id));
  const solved = solvedCategories(memory, notices);
  const quiet = !facts.enabled || facts.popoverVisible;
  const due = fresh.filter((one) => one.at >= facts.sinceIso);
  const waiting = quiet ? [] : newestOfEach([...memory.waiting, ...due]);
  const waitMs = memory.lastShownAtMs === null ? 0 : memory.lastShownAtMs + THROTTLE_MS - nowMs;
  if (waiting.length > 0 && waitMs > 0)
    return { memory: { ...memory, seen, waiting }, show: [], close: solved, againInMs: waitMs };
  const shown = new Map(memory.shown);
  for (const category of solved) shown.delete(category);
  const replaced = waiting.map((one) => one.category).filter((category) => shown.has(category));
  for (const one of waiting) shown.set(one.category, one.id);
  return {
    memory: { seen, waiting: [], shown, lastShownAtMs: waiting.length > 0 ? nowMs : memory.lastShownAtMs },
    show: waiting,
    close: [...solved, ...replaced],
    againInMs: null,
  };
}

/** Shown while it was open, and over now. */
function solvedCategories(memory: NoticeMemory, notices: readonly Notice[]): Notice['category'][] {
  return [...memory.shown].flatMap(([category, id]) => {
    const now = notices.find((one) => one.id === id);
    const isInformation = now !== undefined && now.severity === 'info';
    return now?.open === true || isInformation ? [] : [category];
  });
}

function newestOfEach(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((one) => [one.category, one])).values()];
}
