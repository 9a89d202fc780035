import { ok } from '../../src-shared/errors/result.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { World } from '../../src-shared/world/world.ts';

/** What an engine of scripted Worlds says of its tunnel: what the World has. */
export function tunnelHandlers(
  world: () => World,
): Pick<Handlers<Caller>, Extract<keyof Handlers<Caller>, `tunnel.${string}`>> {
  const now = async () => ok({ tunnel: world().tunnel });
  return {
    'tunnel.get': now,
    'tunnel.export': now,
    'tunnel.unexport': now,
    'tunnel.broker': now,
    'tunnel.join': now,
    'tunnel.leave': now,
    'tunnel.cancel': now,
    'tunnel.doctor': async () => ok({ checks: [] }),
  };
}
