import { pause, type Scheduler } from '../src-engine/platform/clock.ts';
import type { EngineProcess } from './engine-process.ts';

/** The engine that this app started, if any. There is never a second one beside it. */
export interface OwnEngine {
  isAlive(): boolean;
  /** Starts one unless one is alive. */
  ensure(): void;
  /** Resolves when the one that is alive has ended; at once when there is none. */
  ended(): Promise<void>;
  /** Ends it: asked by a signal, and made to when it does not within the grace. Resolves when it is gone. */
  end(): Promise<void>;
}

/** A hung engine hears no SIGTERM. */
const GRACE_MS = 3000;

export function ownEngine(spawn: () => EngineProcess, scheduler: Scheduler): OwnEngine {
  let child: EngineProcess | null = null;
  let ending: Promise<void> | null = null;
  return {
    isAlive: () => child !== null,
    ensure: () => {
      if (child !== null) return;
      const started = spawn();
      child = started;
      ending = null;
      void forget(started);
    },
    ended: () => child?.ended ?? Promise.resolve(),
    end: () => {
      if (child === null) return Promise.resolve();
      ending ??= endNow(child);
      return ending;
    },
  };
  async function forget(started: EngineProcess): Promise<void> {
    await started.ended;
    if (child === started) child = null;
  }
  async function endNow(one: EngineProcess): Promise<void> {
    one.kill('SIGTERM');
    const gone = new AbortController();
    const ended = one.ended.then(() => gone.abort());
    await pause(scheduler, GRACE_MS, gone.signal);
    if (child === one && !gone.signal.aborted) one.kill('SIGKILL');
    await ended;
  }
}
