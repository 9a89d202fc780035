import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Disposable } from './platform/clock.ts';
import type { Platform } from './platform/platform.ts';
import type { WorldStore } from './world-store.ts';

/** Changes that come close together are sent once. */
const GATHER_MS = 50;

export type StatusHandlers = Pick<
  Handlers<Caller>,
  'status.get' | 'status.subscribe' | 'status.unsubscribe' | 'vitals.get'
>;

/** Sends the World to those who asked; tells whether anybody looks at it live. */
export function wireStatus(
  platform: Platform,
  world: WorldStore,
  setLive: (live: boolean) => void,
  /** Ages in the World are those of the moment when it is asked for. */
  refreshAges: () => void,
): StatusHandlers {
  const callers = new Map<Caller, { live: boolean }>();
  /** Whose end is listened for already: a caller may come and go many times on one connection. */
  const known = new WeakSet<Caller>();
  let gathering: Disposable | null = null;
  const send = (): void => {
    gathering = null;
    for (const caller of callers.keys()) caller.send('status.changed', world.get());
  };
  world.subscribe(() => {
    if (callers.size > 0) gathering ??= platform.scheduler.after(GATHER_MS, send);
  });
  const refresh = (): void => setLive([...callers.values()].some(({ live }) => live));
  const leave = (caller: Caller): void => {
    callers.delete(caller);
    refresh();
  };
  return {
    'status.get': async () => {
      refreshAges();
      return ok(world.get());
    },
    'status.subscribe': async ({ live }, caller) => {
      if (!known.has(caller)) caller.onClose(() => leave(caller));
      known.add(caller);
      callers.set(caller, { live });
      refresh();
      refreshAges();
      return ok(world.get());
    },
    'status.unsubscribe': async (_input, caller) => {
      leave(caller);
      return ok({});
    },
    'vitals.get': async () => ok({ name: world.get().host.name, vitals: world.get().host.vitals }),
  };
}
