import { ok } from '../../src-shared/errors/result.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { World } from '../../src-shared/world/world.ts';
import { dryRun, handoff } from './handoff-parts.ts';

type HandoffMethods = Extract<keyof Handlers<Caller>, `handoff.${string}` | `traffic.${string}`>;

/** What an engine of scripted Worlds says to a departure: yes, and nothing more. */
export function handoffHandlers(world: () => World): Pick<Handlers<Caller>, HandoffMethods> {
  const now = async () => ok(world().handoff ?? handoff());
  return {
    'handoff.leave': now,
    'handoff.cancel': now,
    'handoff.return': now,
    'handoff.delay': async () => ok({ delayedUntil: new Date(Date.now() + 600_000).toISOString() }),
    'handoff.dryRun': async () => ok(dryRun()),
    'traffic.get': async () => ok({ traffic: world().traffic }),
  };
}
