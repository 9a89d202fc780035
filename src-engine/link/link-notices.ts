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
  /** Replaces what waited to be told. A break that gets another name while it waits waits no longer for it. */
  broke(found: TellableBreak): void;
  /** The link is up again. */
  back(lostMs: number): void;
  /** What waited to be told is over without a word. */
  over(): void;
  /** The other Mac is nobody of ours any more: it never comes back. */
  forget(): void;
  dispose(): void;
}

interface Waiting {
  readonly timer: Disposable;
  readonly startedMs: number | null;
  readonly dueMs: number;
}

export function createLinkNotices(ports: LinkNoticesPorts): LinkNotices {
  let told = nothingTold;
  let waiting: Waiting | null = null;
  /** Of the break that lasts: it is not told again under the same name, however long it lasts. */
  let toldAs: Pick<TellableBreak, 'class' | 'startedMs'> | null = null;
  function tellNow(found: TellableBreak): void {
    waiting = null;
    toldAs = found;
    const nowMs = ports.clock.monotonicMs();
    const next = toldLost(told, found.class, nowMs);
    if (next === told) return;
    // A weakness ends without a "back": nothing was lost.
    told = found.startedMs === null ? { ...next, lostShown: told.lostShown } : next;
    ports.tell(happeningOf(found, ports.peerName(), nowMs));
  }
  function stop(): Waiting | null {
    const stopped = waiting;
    stopped?.timer.dispose();
    waiting = null;
    return stopped;
  }
  function over(): void {
    stop();
    toldAs = null;
    ports.tell({ type: 'settled', category: 'link' });
  }
  return {
    over,
    broke(found) {
      const { startedMs } = found;
      const before = stop();
      const delayMs = noticeDelayMs(found.class, found.byeReason, ports.waitMs());
      if (delayMs === null || (toldAs?.class === found.class && toldAs.startedMs === startedMs)) return;
      const nowMs = ports.clock.monotonicMs();
      const dueMs = Math.min(nowMs + delayMs, before?.startedMs === startedMs ? before.dueMs : Infinity);
      const timer = ports.scheduler.after(dueMs - nowMs, () => tellNow(found));
      waiting = { timer, startedMs, dueMs };
    },
    back(lostMs) {
      over();
      const back = toldBack(told);
      told = back.told;
      if (back.tell)
        ports.tell({ type: 'peer', kind: 'peerBack', params: { name: ports.peerName(), lostMs } });
    },
    forget() {
      over();
      told = nothingTold;
    },
    dispose: () => void stop(),
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
