/** Time, injected everywhere: durations from `monotonicMs`, wall time for people only. */
export interface Clock {
  /** Milliseconds since some start; never jumps, stands still in no case but the process's own pause. */
  monotonicMs(): number;
  /** Wall time; may jump. */
  wall(): Date;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wall: () => new Date(),
};

export interface Disposable {
  dispose(): void;
}

/** Timers, owned: each returns something to dispose of. */
export interface Scheduler {
  /** Runs `task` once, after `delayMs`. */
  after(delayMs: number, task: () => void): Disposable;
  /** Runs `task` every `periodMs`, first after one period. */
  every(periodMs: number, task: () => void): Disposable;
}

export const systemScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return { dispose: () => clearInterval(timer) };
  },
};

/** Resolves after `delayMs`, or at once when the signal aborts. */
export function pause(scheduler: Scheduler, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = scheduler.after(delayMs, done);
    function done(): void {
      timer.dispose();
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
