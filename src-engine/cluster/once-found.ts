/** Asks until there is an answer, then keeps it: a tool's version costs a process, and is asked for often. */
export function onceFound<T>(ask: () => Promise<T | null>): () => Promise<T | null> {
  let found: T | null = null;
  return async () => (found ??= await ask());
}
