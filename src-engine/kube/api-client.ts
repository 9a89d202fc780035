import { pause, type Scheduler } from '../platform/clock.ts';
import { troubleOf, type ApiTrouble } from './api-trouble.ts';

/** Of one request: a paused node accepts a connection and says nothing. */
export const LIMIT_MS = 3000;

/** `code` 0: there was no answer. `body`: of a refusal, as it came. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: number; readonly body: unknown; readonly trouble: ApiTrouble };

export interface AskOptions {
  /** Of this request, milliseconds; default 3000. */
  readonly limitMs?: number | undefined;
  /** Once it is aborted what is under way is waited for no longer. */
  readonly signal?: AbortSignal | undefined;
}

export const unanswered = { ok: false, code: 0, body: null, trouble: 'silent' } as const;

/** client-node has no time limit of its own, and throws what the API refuses. */
export async function answered<T>(
  request: Promise<T>,
  scheduler: Scheduler,
  { limitMs = LIMIT_MS, signal }: AskOptions = {},
): Promise<Answered<T>> {
  const over = new AbortController();
  const ends = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const late = pause(scheduler, limitMs, ends).then((): Answered<T> => unanswered);
  try {
    return await Promise.race([request.then((value): Answered<T> => ({ ok: true, value })), late]);
  } catch (error) {
    return { ok: false, ...refusalIn(error) };
  } finally {
    over.abort();
  }
}

/** client-node's ApiException has the status in `code`; what broke on the way has Node's name in it. */
function refusalIn(error: unknown): { code: number; body: unknown; trouble: ApiTrouble } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (typeof code !== 'number')
    return { code: 0, body: null, trouble: troubleOf(0, typeof code === 'string' ? code : null) };
  const body = typeof error === 'object' && error !== null && 'body' in error ? error.body : null;
  return { code, body, trouble: troubleOf(code, null) };
}
