import type { Announcement, Found } from './service-text.ts';

/** One way to speak Bonjour. What fails is tried again by itself; nothing here throws. */
export interface Bonjour {
  /** Null: says good-bye. */
  announce(what: Announcement | null): void;
  browse(on: boolean): void;
  found(): readonly Found[];
  dispose(): void;
}

/** Spoofed services cost no more memory than this many. */
export const MOST_FOUND = 64;
