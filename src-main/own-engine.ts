import type { EngineProcess } from './engine-process.ts';

/** The engine that this app started, if any. There is never a second one beside it. */
export interface OwnEngine {
  isAlive(): boolean;
  /** Starts one unless one is alive. */
  ensure(): void;
  /** Resolves when the one that is alive has ended; at once when there is none. */
  ended(): Promise<void>;
  kill(): void;
}

export function ownEngine(spawn: () => EngineProcess): OwnEngine {
  let child: EngineProcess | null = null;
  return {
    isAlive: () => child !== null,
    ensure: () => {
      if (child !== null) return;
      const started = spawn();
      child = started;
      void forget(started);
    },
    ended: () => child?.ended ?? Promise.resolve(),
    kill: () => child?.kill(),
  };
  async function forget(started: EngineProcess): Promise<void> {
    await started.ended;
    if (child === started) child = null;
  }
}
