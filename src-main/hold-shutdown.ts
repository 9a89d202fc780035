import { pause, type Scheduler } from '../src-engine/platform/clock.ts';

/** The system waits for us once, and no longer (design/limits.md, Shutdown). */
export const SHUTDOWN_LIMIT_MS = 20_000;

export interface ShutdownDeps {
  readonly scheduler: Scheduler;
  /** Requests may still come to this Mac. */
  serves(): boolean;
  /** Tells the engine; resolves when the departure that this began has ended. */
  tell(): Promise<unknown>;
  quit(): void;
}

/**
 * What a shutdown does: on a serving edge it is prevented once, the engine leaves, and the app goes when it has left or
 * after 20 s. Everywhere else, and the second time, the app only tells the engine and goes.
 */
export function holdShutdown(deps: ShutdownDeps): (prevent: () => void) => void {
  let prevented = false;
  return (prevent) => {
    const told = deps.tell();
    if (prevented || !deps.serves()) return deps.quit();
    prevented = true;
    prevent();
    void leave(deps, told);
  };
}

async function leave({ scheduler, quit }: ShutdownDeps, told: Promise<unknown>): Promise<void> {
  const left = new AbortController();
  void told.catch(() => undefined).then(() => left.abort());
  await pause(scheduler, SHUTDOWN_LIMIT_MS, left.signal);
  quit();
}
