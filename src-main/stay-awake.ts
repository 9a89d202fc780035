import type { World } from '../src-shared/world/world.ts';

/** What keeps a Mac from falling asleep by itself; Electron's powerSaveBlocker behind it. */
export interface SleepBlocker {
  /** Returns what must be given to `release`. */
  hold(): number;
  release(id: number): void;
}

/** Only while this Mac leaves: from the first check until nothing is left to be stopped (design/limits.md, last line). */
export function mustStayAwake(world: World | null): boolean {
  if (world === null || world.role !== 'edge' || world.handoff === null) return false;
  return ['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING', 'RELEASED'].includes(world.handoff.state);
}

/** Holds and lets go as the World changes; an engine that is away holds nothing. */
export function stayAwake(blocker: SleepBlocker): (world: World | null) => void {
  let held: number | null = null;
  return (world) => {
    const wanted = mustStayAwake(world);
    if (wanted && held === null) held = blocker.hold();
    if (!wanted && held !== null) {
      blocker.release(held);
      held = null;
    }
  };
}
