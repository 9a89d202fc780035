import type { BreakClass, ByeReason, Likely } from '../../src-shared/world/peer.ts';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import type { LinkHappening } from './link-ports.ts';
import { noticeDelayMs, nothingTold, toldBack, toldLost } from './notice-rules.ts';

export interface LinkNoticesPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  peerName(): string;
  waitMs(): number;
  tell(happening: LinkHappening): void;
}

/** What may be told. `startedMs`: last sign of life, monotonic; null for a weakness of a link that is up. */
export interface TellableBreak {
  readonly class: BreakClass;
  readonly byeReason: ByeReason | null;
  readonly likely: Likely | null;
  readonly startedMs: number | null;
}

/** Tells a person of breaks as notice-rules.ts says: after a while, and not when it is over by then. */
export interface LinkNotices {
  /** Replaces what waited to be told. */
  broke(found: TellableBreak): void;
  /** The link is up again. */
  back(lostMs: number): void;
  /** What waited to be told is over without a word. */
  over(): void;
}

export function createLinkNotices(ports: LinkNoticesPorts): LinkNotices {
  let told = nothingTold;
  let waiting: Disposable | null = null;
  function tellNow(found: TellableBreak): void {
    const nowMs = ports.clock.monotonicMs();
    const next = toldLost(told, found.class, nowMs);
    if (next === told) return;
    // A weakness ends without a "back": nothing was lost.
    told = found.startedMs === null ? { ...next, lostShown: told.lostShown } : next;
    ports.tell(happeningOf(found, ports.peerName(), nowMs));
  }
  const over = (): void => {
    waiting?.dispose();
    waiting = null;
    ports.tell({ type: 'settled', category: 'link' });
  };
  return {
    over,
    broke(found) {
      waiting?.dispose();
      const delayMs = noticeDelayMs(found.class, found.byeReason, ports.waitMs());
      waiting = delayMs === null ? null : ports.scheduler.after(delayMs, () => tellNow(found));
    },
    back(lostMs) {
      over();
      const back = toldBack(told);
      told = back.told;
      if (back.tell)
        ports.tell({ type: 'peer', kind: 'peerBack', params: { name: ports.peerName(), lostMs } });
    },
  };
}

function happeningOf(found: TellableBreak, name: string, nowMs: number): LinkHappening {
  const { class: breakClass, byeReason, likely, startedMs } = found;
  if (startedMs === null) return { type: 'peer', kind: 'peerWeak', params: { name, class: breakClass } };
  if (breakClass === 'LEFT')
    return { type: 'peer', kind: 'peerLeft', params: { name, reason: byeReason ?? 'quit' } };
  const params = { name, class: breakClass, silenceMs: Math.round(nowMs - startedMs) };
  return { type: 'peer', kind: 'peerLost', params: likely === null ? params : { ...params, likely } };
}
