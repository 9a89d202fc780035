import type { BreakClass, ByeReason } from '../../src-shared/world/peer.ts';

/** Design limits, Link: one notice of a class in ten minutes. */
const AGAIN_MS = 10 * 60_000;

/** What a person was told of the link, and when (monotonic milliseconds). */
export interface ToldLink {
  readonly lastToldMs: ReadonlyMap<BreakClass, number>;
  /** "Lost" was shown and "back" was not. */
  readonly lostShown: boolean;
}

export const nothingTold: ToldLink = { lastToldMs: new Map(), lostShown: false };

/**
 * How long after the decision a person hears of a break; null for never (research/link.md, section 5).
 *
 * Nobody is told of what concerns this Mac alone (its icon and popover say so), nor of a good-bye that somebody wanted.
 *
 * @param waitMs the setting `link.noticeSeconds`
 */
export function noticeDelayMs(
  breakClass: BreakClass,
  byeReason: ByeReason | null,
  waitMs: number,
): number | null {
  switch (breakClass) {
    case 'LEFT':
      return byeReason === 'lowBattery' ? 0 : null;
    case 'APP_CRASHED':
    case 'APP_HUNG':
    case 'PORT_BLOCKED':
    case 'PEER_UNREACHABLE':
    case 'ONE_WAY':
    case 'API_SERVER_DOWN':
    case 'TUNNEL_DOWN':
    case 'LOCAL_NETWORK_DENIED':
      return waitMs;
    case 'SELF_OFFLINE':
    case 'SELF_OR_ROUTER_DOWN':
    case 'SELF_PAUSED':
    case 'ROAMED':
    case 'NEVER_SEEN':
      return null;
  }
}

/** Whether a break of this class is told now, and what is remembered then; `told` itself when it is not. */
export function toldLost(told: ToldLink, breakClass: BreakClass, nowMs: number): ToldLink {
  const before = told.lastToldMs.get(breakClass);
  if (before !== undefined && nowMs - before < AGAIN_MS) return told;
  return { lastToldMs: new Map(told.lastToldMs).set(breakClass, nowMs), lostShown: true };
}

/** "Back" answers a "lost" that was shown, once. */
export function toldBack(told: ToldLink): { readonly told: ToldLink; readonly tell: boolean } {
  return { told: { ...told, lostShown: false }, tell: told.lostShown };
}
