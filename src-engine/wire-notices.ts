import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import { dismissed, heard, noNotices, type Happening } from './notices/notice-policy.ts';
import type { Platform } from './platform/platform.ts';
import type { WorldStore } from './world-store.ts';

export interface Notices {
  tell(happening: Happening): void;
  readonly handlers: Pick<Handlers<Caller>, 'notices.dismiss'>;
}

/** Decides what a person is told, and writes the World's notices. */
export function wireNotices(platform: Platform, world: WorldStore): Notices {
  let state = noNotices;
  const keep = (next: typeof state): void => {
    if (next === state) return;
    const changed = next.notices !== state.notices;
    state = next;
    if (changed) world.write({ notices: [...state.notices] });
  };
  return {
    tell: (happening) =>
      keep(
        heard(state, happening, {
          ms: platform.clock.monotonicMs(),
          iso: platform.clock.wall().toISOString(),
        }),
      ),
    handlers: {
      'notices.dismiss': async ({ id }) => {
        keep(dismissed(state, id));
        return ok({});
      },
    },
  };
}
