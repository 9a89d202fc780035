import { ok, type Result } from '../../../src-shared/errors/result.ts';
import { CONNECT_MS } from './config.ts';
import type { HaproxyClient } from './haproxy-client.ts';
import { BACKENDS, SERVERS } from './servers.ts';
import { sideOf, type Stats } from './stats.ts';

/** What became of the requests that the edge held. HAProxy counts them and cannot name them. */
export interface TakenOut {
  readonly resent: number;
  readonly cutCount: number;
}

/**
 * Until then every connection that was being opened to the edge has failed and its request has moved. Ending
 * sessions earlier loses them: 31 requests at 300 ms (research/haproxy.md, section B).
 */
export const SETTLED_MS = CONNECT_MS + 50;
/** Ending the sessions takes 2.5 ms; a busy machine gets more. */
const LOOKS = 10;
const LOOK_MS = 20;

const edgeOf = (stats: Stats) => sideOf(stats, SERVERS.edge.traffic, SERVERS.edge.check);
const both = (command: string): string[] => BACKENDS.map((backend) => command.replace('BACKEND', backend));

/**
 * Takes a dead edge out, in two steps. Nothing new goes there from the first reply on, and its pool of idle
 * connections is emptied. What still hangs after `SETTLED_MS` is ended: a GET whose answer has not begun is
 * sent again to the core, everything else is cut.
 */
export async function takeOut(
  client: HaproxyClient,
  wait: (delayMs: number) => Promise<void>,
): Promise<Result<TakenOut>> {
  const out = await client.tell(both('set server BACKEND/edge state maint'));
  if (!out.ok) return out;
  const settled = wait(SETTLED_MS);
  const atOut = await client.stats();
  // For whoever takes it back: at weight 0, whatever it was (and the core at 100, or nobody would be weighted).
  const written = await client.write({ core: 100, edge: 0 });
  await settled;
  const before = await client.stats();
  const ended = await client.tell(both('shutdown sessions server BACKEND/edge'));
  const after = await drained(client, wait);
  if (!atOut.ok) return atOut;
  if (!written.ok) return written;
  if (!before.ok) return before;
  if (!ended.ok) return ended;
  return after.ok ? ok(outcomeOf(atOut.value, before.value, after.value)) : after;
}

/** The statistics once the edge holds nothing, or when that was waited for long enough. */
async function drained(
  client: HaproxyClient,
  wait: (delayMs: number) => Promise<void>,
): Promise<Result<Stats>> {
  let stats = await client.stats();
  for (let look = 0; look < LOOKS && stats.ok && edgeOf(stats.value).inFlight > 0; look += 1) {
    await wait(LOOK_MS);
    stats = await client.stats();
  }
  return stats;
}

/**
 * By the counters at three moments: taken out, before the sessions were ended, and after. What was in flight
 * at the second and was neither sent again since nor is still there was cut.
 */
export function outcomeOf(atOut: Stats, before: Stats, after: Stats): TakenOut {
  const [first, second, last] = [edgeOf(atOut), edgeOf(before), edgeOf(after)];
  const resentAtEnd = last.retried - second.retried;
  return {
    resent: Math.max(0, last.retried - first.retried),
    cutCount: Math.max(0, second.inFlight - resentAtEnd - last.inFlight),
  };
}
