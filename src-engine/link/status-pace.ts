import type { PeerStatus } from './ports.ts';

/** Research/link.md, section 5: STATUS on change, at most one a second. */
const AT_MOST_EVERY_MS = 1000;
/** Numbers alone go at the pace of the sensors, which keeps TLS below 2 kbit/s (design/limits.md, Link). */
const NUMBERS_EVERY_MS = 15_000;

/** What the other Mac was told last. */
export interface ToldStatus {
  readonly atMs: number;
  readonly gist: string;
}

/** What of a status is news at once: stage, clusters, operations; not a percentage that moves. */
export function gistOf({ name, role, vitals, clusters, api }: PeerStatus): string {
  return JSON.stringify([
    name,
    role,
    api,
    vitals.stage,
    vitals.battery?.onAC,
    vitals.lid?.closed,
    clusters.map(({ name: cluster, state, nodes, operation }) => [
      cluster,
      state,
      nodes.map(({ ready }) => ready),
      operation && [operation.verb, operation.step, operation.done],
    ]),
  ]);
}

/**
 * Milliseconds until a changed status is to be sent; 0 is now.
 *
 * @param told null when this session has not been told anything
 */
export function sendInMs(told: ToldStatus | null, gist: string, nowMs: number): number {
  if (told === null) return 0;
  const waitMs = gist === told.gist ? NUMBERS_EVERY_MS : AT_MOST_EVERY_MS;
  return Math.max(0, told.atMs + waitMs - nowMs);
}
