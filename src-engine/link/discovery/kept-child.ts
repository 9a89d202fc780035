import type { Disposable, Scheduler } from '../../platform/clock.ts';
import type { ResidentTool } from '../../platform/tools.ts';

const FIRST_MS = 10_000;
const LAST_MS = 10 * 60_000;
/** A child that stood this long works: what ends it later is a new trouble. */
const STOOD_MS = 60_000;

/**
 * A tool that crashes at each start must not be started without end: 10 s, doubled up to 10 min.
 *
 * @param failures ends in a row soon after the start, 0 or more, the last one left out
 * @returns milliseconds until the next start
 */
export function restartMs(failures: number): number {
  return Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
}

/** One child that stays up while it is wanted. */
export interface KeptChild extends Disposable {
  /**
   * Ends the one that runs, and runs this instead; null: none. Soon after one that ended by itself it waits, so that
   * who wants it anew again and again starts no more of them.
   */
  run(start: (() => ResidentTool) | null): void;
}

export function keptChild(scheduler: Scheduler): KeptChild {
  let wanted: (() => ResidentTool) | null = null;
  let child: ResidentTool | null = null;
  let stood: Disposable | null = null;
  let again: Disposable | null = null;
  let failures = 0;

  function begin(): void {
    if (wanted === null || again !== null) return;
    const begun = wanted();
    child = begun;
    stood = scheduler.after(STOOD_MS, () => (failures = 0));
    void begun.ended.then(() => {
      if (child === begun) ended();
    });
  }

  function ended(): void {
    stood?.dispose();
    child = null;
    again = scheduler.after(restartMs(failures), () => {
      again = null;
      begin();
    });
    failures += 1;
  }

  function run(start: (() => ResidentTool) | null): void {
    wanted = start;
    const before = child;
    child = null;
    stood?.dispose();
    before?.stop();
    begin();
  }

  return {
    run,
    dispose() {
      run(null);
      again?.dispose();
    },
  };
}
