import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { ok } from '../../src-shared/errors/result.ts';
import type { Notice } from '../../src-shared/world/notices.ts';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import { dismissed, heard, noNotices, repeatInMs, type Happening } from './notice-policy.ts';

export interface NoticePorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The stage as it is now, with the reading behind it. */
  stageNow(): Happening;
  publish(notices: readonly Notice[]): void;
}

export interface NoticeRoom {
  tell(happening: Happening): void;
  readonly handlers: Pick<Handlers<Caller>, 'notices.dismiss'>;
  dispose(): void;
}

/** Decides what a person is told, and tells a stage that holds again after a while. */
export function openNotices(ports: NoticePorts): NoticeRoom {
  let state = noNotices;
  let timer: Disposable | null = null;
  function keep(next: typeof state): void {
    const isChanged = next.notices !== state.notices;
    state = next;
    if (isChanged) ports.publish(state.notices);
    timer?.dispose();
    const delayMs = repeatInMs(state, ports.clock.monotonicMs());
    timer = delayMs === null ? null : ports.scheduler.after(delayMs, () => tell(ports.stageNow()));
  }
  function tell(happening: Happening): void {
    const now = { ms: ports.clock.monotonicMs(), iso: ports.clock.wall().toISOString() };
    keep(heard(state, happening, now));
  }
  return {
    tell,
    handlers: {
      'notices.dismiss': async ({ id }) => {
        keep(dismissed(state, id));
        return ok({});
      },
    },
    dispose: () => timer?.dispose(),
  };
}
