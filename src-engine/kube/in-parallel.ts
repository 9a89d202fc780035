/** Requests to one cluster under way at once: an API server on this Mac answers as fast as its etcd writes. */
export const PARALLEL = 32;

/**
 * Does a task for each, so many at once, until all are done. A task does not throw.
 *
 * @param goesOn asked before each task; once false, none is begun any more
 */
export async function inParallel<T>(
  items: readonly T[],
  most: number,
  goesOn: () => boolean,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (!goesOn()) return;
      await task(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
