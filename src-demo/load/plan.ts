/** What is asked of the front, as research/handoff.md section 8 describes it. */
export interface LoadPlan {
  /** The front: `http://HOST:PORT/`. */
  readonly url: string;
  /** Requests a second, started on time whether or not earlier ones were answered (open loop). */
  readonly perSecond: number;
  /** Long answers that stay open all the while. */
  readonly streams: number;
  /** Connections that quick requests are kept on. */
  readonly keptClients: number;
  /** A slow answer takes so long, milliseconds. */
  readonly slowMs: number;
  /** A POST takes so long at the workload, milliseconds. */
  readonly postMs: number;
}

export type RequestKind = 'get' | 'post' | 'slow' | 'stream';

export const usualLoad: Omit<LoadPlan, 'url'> = {
  perSecond: 200,
  streams: 2,
  keptClients: 20,
  slowMs: 2000,
  postMs: 0,
};

/** An answer that takes longer than the request was to take and this is lost (research/handoff.md section 8). */
export const PATIENCE_MS = 5000;

/** 70 % GET, 20 % POST, 10 % slow GET, dealt evenly: the n-th request's kind, n from 0. */
export function kindOf(n: number): Exclude<RequestKind, 'stream'> {
  const place = n % 10;
  if (place === 4) return 'slow';
  return place === 2 || place === 7 ? 'post' : 'get';
}

/** Requests that are due at `elapsedMs` and not begun yet. */
export function dueBy(elapsedMs: number, perSecond: number, begun: number): number {
  return Math.max(0, Math.floor((elapsedMs * perSecond) / 1000) - begun);
}
