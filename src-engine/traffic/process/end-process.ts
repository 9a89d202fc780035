import { pause, type Clock, type Scheduler } from '../../platform/clock.ts';
import { isAlive, signal, type ProcessRef } from '../../platform/processes.ts';

interface Times {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

const ASK_MS = 200;
const TERM_MS = 1000;
const KILL_MS = 2000;
const POLL_MS = 20;

/**
 * Ends exactly that process: asked, told (SIGTERM), and after one second killed. At most 3.2 s, usually a few
 * milliseconds; a process that is gone already costs one look.
 *
 * @returns true when it is gone; false when even SIGKILL did not end it in time
 */
export async function endProcess(
  times: Times,
  ref: ProcessRef,
  ask?: () => Promise<unknown>,
): Promise<boolean> {
  if (!(await isAlive(ref))) return true;
  if (ask !== undefined) await Promise.race([ask().catch(() => undefined), pause(times.scheduler, ASK_MS)]);
  await signal(ref, 'SIGTERM');
  if (await goneWithin(times, ref, TERM_MS)) return true;
  await signal(ref, 'SIGKILL');
  return goneWithin(times, ref, KILL_MS);
}

async function goneWithin({ clock, scheduler }: Times, ref: ProcessRef, limitMs: number): Promise<boolean> {
  const end = clock.monotonicMs() + limitMs;
  for (;;) {
    if (!(await isAlive(ref))) return true;
    if (clock.monotonicMs() >= end) return false;
    await pause(scheduler, POLL_MS);
  }
}
