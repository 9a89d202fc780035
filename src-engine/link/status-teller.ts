import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import type { PeerStatus, Session } from './ports.ts';
import { gistOf, sendInMs, type ToldStatus } from './status-pace.ts';

export interface StatusTellerPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  own(): PeerStatus;
}

/** Tells the other Mac what this one shows of itself, at the pace of status-pace.ts. */
export interface StatusTeller extends Disposable {
  /** Who is told from now on; the first status goes at once. */
  setSession(session: Session | null): void;
  /** `own` tells something else than before. */
  changed(): void;
}

export function createStatusTeller({ clock, scheduler, own }: StatusTellerPorts): StatusTeller {
  let session: Session | null = null;
  let told: ToldStatus | null = null;
  let waiting: Disposable | null = null;
  function send(): void {
    waiting = null;
    if (session === null) return;
    const status = own();
    // A full buffer drops it: the next change tells all of it again.
    if (session.send({ type: 'STATUS', status })) told = { atMs: clock.monotonicMs(), gist: gistOf(status) };
  }
  function changed(): void {
    if (session === null) return;
    waiting?.dispose();
    const delayMs = sendInMs(told, gistOf(own()), clock.monotonicMs());
    if (delayMs === 0) send();
    else waiting = scheduler.after(delayMs, send);
  }
  return {
    setSession(next) {
      session = next;
      told = null;
      waiting?.dispose();
      waiting = null;
      changed();
    },
    changed,
    dispose() {
      session = null;
      waiting?.dispose();
    },
  };
}
