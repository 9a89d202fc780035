import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import type { ServiceStatus } from '../../src-shared/commands/service.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { isInstalled, type ServiceManager } from './managers.ts';
import type { ServicePlan } from './unit-files.ts';

export interface ServicePorts {
  /** Null: this machine has no service manager that a user may use. */
  manager(): Promise<ServiceManager | null>;
  plan(): ServicePlan;
}

type ServiceHandlers = Pick<Handlers<Caller>, 'service.install' | 'service.remove' | 'service.status'>;

/** The engine, and with it the front, at boot or login. */
export function serviceHandlers({ manager, plan }: ServicePorts): ServiceHandlers {
  const act = async (
    what: (manager: ServiceManager) => Promise<Result<void>>,
  ): Promise<Result<ServiceStatus>> => {
    const found = await manager();
    if (found === null) return fail('serviceManagerMissing');
    const done = await what(found);
    return done.ok ? ok(await statusOf(found)) : done;
  };
  return {
    'service.install': () => act((found) => found.install(plan())),
    'service.remove': () => act((found) => found.remove()),
    'service.status': async () => ok(await statusOf(await manager())),
  };
}

/** The removed unit's file; null when there was none. One that cannot be removed is left, and `service status` shows it. */
export async function removeIfInstalled(manager: ServicePorts['manager']): Promise<string | null> {
  const found = await manager();
  if (found === null || !(await isInstalled(found.file))) return null;
  return (await found.remove()).ok ? found.file : null;
}

export async function statusOf(manager: ServiceManager | null): Promise<ServiceStatus> {
  if (manager === null) return { manager: 'none', installed: false, active: null, file: null, lingers: null };
  const installed = await isInstalled(manager.file);
  return {
    manager: manager.name,
    installed,
    active: installed ? await manager.active() : false,
    file: manager.file,
    lingers: installed ? await manager.lingers() : null,
  };
}
