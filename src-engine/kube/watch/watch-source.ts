import type { Disposable } from '../../platform/clock.ts';

/** What is kept of an object: `key` names it among those of its kind. */
export interface Kept {
  readonly key: string;
  /** Of a kind of which only so many are kept: the lower goes first. */
  readonly rank?: number;
}

/** One page of a list. `expired`: the place to go on from is too old (410), and the list begins anew. */
export type Page<T> =
  | {
      readonly type: 'page';
      readonly items: readonly T[];
      readonly next: string | null;
      readonly version: string;
    }
  | { readonly type: 'expired' }
  | { readonly type: 'failed' };

/** What a watch tells; `version` is where the next one goes on. */
export type Change<T> =
  | { readonly type: 'set'; readonly item: T; readonly version: string }
  | { readonly type: 'gone'; readonly key: string; readonly version: string }
  /** Nothing changed, and everything up to that version was told. */
  | { readonly type: 'bookmark'; readonly version: string };

/** `closed`: by the API, in order. `expired`: 410, what happened meanwhile is not known any more. */
export type WatchEnd = 'closed' | 'expired' | 'failed';

export interface Listener<T> {
  change(change: Change<T>): void;
  /** Once. */
  ended(end: WatchEnd): void;
}

/** One kind of object of a cluster, as its API tells of it. Neither throws. */
export interface WatchSource<T extends Kept> {
  /** @param next of the page before; null: from the beginning */
  list(next: string | null): Promise<Page<T>>;
  /** From that version on. Resolves once it stands; with how it ended when it never did, and then nothing is told. */
  watch(version: string, listener: Listener<T>): Promise<Disposable | WatchEnd>;
}
