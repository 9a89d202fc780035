/** What a double has seen, and waiting for it. */
export interface Sightings<T> {
  /** Oldest first. */
  readonly all: readonly T[];
  add(sighting: T): void;
  /** The first that fits, past or to come; rejects after `withinMs`, telling what there was. */
  see(fits: (sighting: T) => boolean, withinMs: number): Promise<T>;
}

/** @param kind what is waited for, in words, for the message when it does not come */
export function sightings<T>(kind: string): Sightings<T> {
  const all: T[] = [];
  const watchers = new Set<() => void>();
  return {
    all,
    add(sighting) {
      all.push(sighting);
      for (const watcher of watchers) watcher();
    },
    see: (fits, withinMs) =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`no such ${kind} within ${withinMs} ms; there were: ${JSON.stringify(all)}`));
        }, withinMs);
        function look(): void {
          const found = all.find(fits);
          if (found === undefined) return;
          clearTimeout(limit);
          watchers.delete(look);
          resolve(found);
        }
        watchers.add(look);
        look();
      }),
  };
}
