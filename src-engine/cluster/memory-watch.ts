import type { Memory } from '../../src-shared/world/vitals.ts';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';

/** A start that keeps the host critical for this long is undone (research/vitals.md, section 5). */
export const ROLL_BACK_MS = 15_000;
/** After a start the guard looks again at these times. */
export const RECHECK_MS = [15_000, 60_000, 180_000, 300_000] as const;
/** So long after a start the memory is watched as it is during one: what it runs takes its memory then. */
export const WATCH_AFTER_MS = 300_000;
const LOOK_MS = 1000;

/** Calls `tooLong` once, when the memory has been critical for 15 s without a break. Unknown breaks it. */
export function watchMemory(
  ports: { clock: Clock; scheduler: Scheduler; memory: () => Memory | null },
  tooLong: () => void,
): Disposable {
  let since: number | null = null;
  let told = false;
  return ports.scheduler.every(LOOK_MS, () => {
    const critical = ports.memory()?.level === 'critical';
    const now = ports.clock.monotonicMs();
    since = critical ? (since ?? now) : null;
    if (since === null || told || now - since < ROLL_BACK_MS) return;
    told = true;
    tooLong();
  });
}
