import { createStore } from 'zustand/vanilla';
import type { World } from '../src-shared/world/world.ts';

/** What changes by itself with every write: no room sets it. */
type Written = 'revision' | 'at';

/** The World of this engine. A room writes its own slice, whole; readers get the whole picture. */
export interface WorldStore {
  get(): World;
  /** Replaces slices and counts the revision up. */
  write(slices: Partial<Omit<World, Written>>): void;
  /** Calls back after each write; returns a function that ends it. */
  subscribe(listener: (world: World, before: World) => void): () => void;
}

export function createWorldStore(initial: World, wall: () => Date): WorldStore {
  const store = createStore<World>(() => initial);
  return {
    get: () => store.getState(),
    write: (slices) =>
      store.setState((world) => ({
        ...world,
        ...slices,
        at: wall().toISOString(),
        revision: world.revision + 1,
      })),
    subscribe: (listener) => store.subscribe(listener),
  };
}
