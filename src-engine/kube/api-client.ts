import { pause, type Scheduler } from '../platform/clock.ts';

/** Of one request: a paused node accepts a connection and says nothing. */
const LIMIT_MS = 3000;

/** `code` 0: there was no answer. */
export type Answered<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: number };

/** client-node has no time limit of its own, and throws what the API refuses. */
export async function answered<T>(request: Promise<T>, scheduler: Scheduler): Promise<Answered<T>> {
  const over = new AbortController();
  const late = pause(scheduler, LIMIT_MS, over.signal).then((): Answered<T> => ({ ok: false, code: 0 }));
  try {
    return await Promise.race([request.then((value): Answered<T> => ({ ok: true, value })), late]);
  } catch (error) {
    return { ok: false, code: codeIn(error) };
  } finally {
    over.abort();
  }
}

function codeIn(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'number' ? code : 0;
}
