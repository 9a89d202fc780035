import { pause, type Clock, type Disposable, type Scheduler } from '../../platform/clock.ts';
import { reArmMs } from './re-arm.ts';
import type { Change, Kept, WatchEnd, WatchSource } from './watch-source.ts';

/** All objects of one kind in a cluster, kept true by one watch. */
export interface ResourceWatch<T extends Kept> extends Disposable {
  /** By key. What the API has while `isLive`; what it had otherwise. */
  readonly items: ReadonlyMap<string, T>;
  /** Listed, and the watch stands. */
  isLive(): boolean;
  /** Resolves with true as soon as it is live, with false when the signal aborts. One that waits is opened at once. */
  live(signal: AbortSignal): Promise<boolean>;
  /** How often it was listed and opened: for measurements and tests. */
  readonly counts: { readonly lists: number; readonly watches: number; readonly changes: number };
}

export interface WatchTime {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** A watch that stood so long was a good one: its end is no failure. */
const STEADY_MS = 30_000;
/** An API server sends a bookmark about each minute (kube-apiserver, defaultBookmarkFrequency): then it is dead. */
const SILENT_MS = 150_000;
const SILENCE_LOOK_MS = 30_000;
/** After so many failures the version itself is doubted: a store that was put back has none that is as new as ours. */
const DOUBT = 3;

interface State<T extends Kept> {
  readonly source: WatchSource<T>;
  readonly time: WatchTime;
  readonly over: AbortSignal;
  items: Map<string, T>;
  /** Where the next watch goes on; null: it is listed first. */
  version: string | null;
  failures: number;
  live: boolean;
  readonly waiting: Set<() => void>;
  /** Ends the wait for the next try. */
  wake: AbortController;
  readonly counts: { lists: number; watches: number; changes: number };
}

/**
 * Lists once, then follows every change; a watch that ends is opened again where it ended, slower and slower while that
 * fails, and all is listed anew only when the API says that too much has happened meanwhile (410).
 *
 * @param most so many are kept at most, the oldest go first; for what grows without bound
 */
export function watchResource<T extends Kept>(
  source: WatchSource<T>,
  time: WatchTime,
  most = Infinity,
): ResourceWatch<T> {
  const over = new AbortController();
  const state: State<T> = {
    source,
    time,
    over: over.signal,
    items: new Map(),
    version: null,
    failures: 0,
    live: false,
    waiting: new Set(),
    wake: new AbortController(),
    counts: { lists: 0, watches: 0, changes: 0 },
  };
  void keepTrue(state, most);
  return {
    get items() {
      return state.items;
    },
    counts: state.counts,
    isLive: () => state.live,
    live: (signal) => untilLive(state, signal),
    dispose() {
      over.abort();
      state.wake.abort();
      state.live = false;
      state.items = new Map();
      tellWaiting(state);
    },
  };
}

function untilLive<T extends Kept>(state: State<T>, signal: AbortSignal): Promise<boolean> {
  if (state.live) return Promise.resolve(true);
  state.wake.abort();
  return new Promise((resolve) => {
    const done = (): void => {
      state.waiting.delete(done);
      signal.removeEventListener('abort', done);
      resolve(state.live);
    };
    if (signal.aborted || state.over.aborted) return done();
    state.waiting.add(done);
    signal.addEventListener('abort', done);
  });
}

async function keepTrue<T extends Kept>(state: State<T>, most: number): Promise<void> {
  const { clock, scheduler } = state.time;
  while (!state.over.aborted) {
    if (state.version === null) await listAnew(state, most);
    const openedMs = clock.monotonicMs();
    const end: WatchEnd = state.version === null ? 'failed' : await follow(state, state.version, most);
    state.live = false;
    if (state.over.aborted) return;
    const wasSteady = clock.monotonicMs() - openedMs >= STEADY_MS;
    state.failures = wasSteady ? 0 : state.failures + 1;
    if (end === 'expired' || (end === 'failed' && state.failures >= DOUBT)) state.version = null;
    state.wake = new AbortController();
    const delayMs = reArmMs(state.failures);
    // Somebody asks for it already: that is reason enough not to wait long.
    const waitMs = state.waiting.size > 0 ? Math.min(delayMs, reArmMs(1)) : delayMs;
    if (waitMs > 0) await pause(scheduler, waitMs, state.wake.signal);
  }
}

/** Page by page, so that a list of thousands is never in memory as it comes. What was there stays until the last page. */
async function listAnew<T extends Kept>(state: State<T>, most: number): Promise<void> {
  state.counts.lists += 1;
  let found = new Map<string, T>();
  let next: string | null = null;
  do {
    const page = await state.source.list(next);
    if (page.type !== 'page' || state.over.aborted) return;
    for (const item of page.items) found.set(item.key, item);
    next = page.next;
    // A list comes by name, and which of it is the newest shows at its end.
    if (found.size > 2 * most || next === null) found = highest(found, most);
    if (next === null) {
      state.items = found;
      state.version = page.version;
    }
  } while (next !== null);
}

function highest<T extends Kept>(items: Map<string, T>, most: number): Map<string, T> {
  if (most === Infinity) return items;
  const ranked = [...items.values()].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  return new Map(ranked.slice(-most).map((item) => [item.key, item]));
}

/** Last in, last out: a Map keeps the order in which keys were set. */
function put<T extends Kept>(items: Map<string, T>, item: T, most: number): void {
  if (most !== Infinity) items.delete(item.key);
  items.set(item.key, item);
  if (items.size <= most) return;
  const oldest = items.keys().next();
  if (oldest.done !== true) items.delete(oldest.value);
}

function follow<T extends Kept>(state: State<T>, version: string, most: number): Promise<WatchEnd> {
  const { clock, scheduler } = state.time;
  state.counts.watches += 1;
  return new Promise((resolve) => {
    let open: Disposable | null = null;
    let isOver = false;
    let heardMs = clock.monotonicMs();
    const end = (how: WatchEnd): void => {
      if (isOver) return;
      isOver = true;
      silence.dispose();
      state.over.removeEventListener('abort', stop);
      open?.dispose();
      resolve(how);
    };
    const stop = (): void => end('closed');
    const silence = scheduler.every(SILENCE_LOOK_MS, () => {
      if (clock.monotonicMs() - heardMs > SILENT_MS) end('failed');
    });
    state.over.addEventListener('abort', stop);
    const change = (told: Change<T>): void => {
      if (isOver) return;
      heardMs = clock.monotonicMs();
      take(state, told, most);
    };
    void state.source.watch(version, { change, ended: end }).then((opened) => {
      if (typeof opened === 'string') return end(opened);
      if (isOver) return opened.dispose();
      open = opened;
      stands(state);
    });
  });
}

function take<T extends Kept>(state: State<T>, told: Change<T>, most: number): void {
  state.version = told.version;
  if (told.type === 'bookmark') return;
  state.counts.changes += 1;
  if (told.type === 'set') put(state.items, told.item, most);
  else state.items.delete(told.key);
}

function stands<T extends Kept>(state: State<T>): void {
  state.live = true;
  tellWaiting(state);
}

function tellWaiting<T extends Kept>(state: State<T>): void {
  for (const tell of state.waiting) tell();
}
