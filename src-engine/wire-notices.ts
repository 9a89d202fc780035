import type { Vitals } from '../src-shared/world/vitals.ts';
import type { Happening } from './notices/notice-policy.ts';
import { openNotices, type NoticeRoom } from './notices/notice-room.ts';
import type { Platform } from './platform/platform.ts';
import type { WorldStore } from './world-store.ts';

export type Notices = NoticeRoom;

/** Decides what a person is told, and writes the World's notices. */
export function wireNotices(platform: Platform, world: WorldStore): Notices {
  return openNotices({
    clock: platform.clock,
    scheduler: platform.scheduler,
    stageNow: () => stageOf(world.get().host.vitals),
    publish: (notices) => world.write({ notices: [...notices] }),
  });
}

/** The stage that holds and the reading that explains it. */
function stageOf({ stage, reasons }: Vitals): Happening {
  const reason = reasons.find((one) => one.stage === stage) ?? reasons[0];
  return {
    type: 'stage',
    stage,
    metric: reason?.metric ?? 'none',
    value: reason?.value ?? null,
    limit: reason?.limit ?? 0,
  };
}
