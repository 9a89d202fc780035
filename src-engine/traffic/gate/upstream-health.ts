import { request } from 'node:http';
import { PROBE_HEADER, type Address } from '../ports.ts';

export interface UpstreamHealth {
  /** As it is now, or was within the last 500 ms; at most one question is under way. */
  current(): Promise<boolean>;
  /** What was found last; null before the first. Asks anew when it is old, without waiting. */
  last(): boolean | null;
  /** Another upstream: nothing is known. */
  forget(): void;
}

/** The workload is asked at most this often, whoever asks the gate. */
const SPACING_MS = 500;
/** limits.md, Hand-off: fetched within 1 s. */
const ANSWER_MS = 1000;

export function upstreamHealth(now: () => number, ask: () => Promise<boolean>): UpstreamHealth {
  let asking: Promise<boolean> | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let found: boolean | null = null;
  let generation = 0;
  async function look(): Promise<boolean> {
    const mine = generation;
    askedAtMs = now();
    const healthy = await ask().catch(() => false);
    if (mine === generation) {
      found = healthy;
      asking = null;
    }
    return healthy;
  }
  function current(): Promise<boolean> {
    if (asking !== null) return asking;
    if (found !== null && now() - askedAtMs < SPACING_MS) return Promise.resolve(found);
    asking = look();
    return asking;
  }
  return {
    current,
    last() {
      void current();
      return found;
    },
    forget() {
      generation += 1;
      asking = null;
      found = null;
      askedAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** GET on the health path over a connection of its own: a kept one could be closed just then, and lie. */
export function askHealth({ host, port, healthPath }: Address & { healthPath: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({
      host,
      port,
      path: healthPath,
      agent: false,
      headers: { [PROBE_HEADER]: 'gate' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    call.on('response', (response) => {
      const { statusCode = 0 } = response;
      response.on('error', () => undefined);
      response.resume();
      resolve(statusCode >= 200 && statusCode < 300);
    });
    call.on('error', () => resolve(false));
    call.end();
  });
}
