import type { DoctorCheck } from '../../../src-shared/commands/housekeeping.ts';
import type { ServiceStatus } from '../../../src-shared/commands/service.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import { verdict, type Check } from '../check.ts';

/** What brings the engine, and with it the front, back after a restart of this Mac. */
export const serviceCheck: Check = {
  name: 'service',
  run: async ({ settings, service }) => ofService(await service(), settings.role),
};

function ofService({ manager, installed, active, file, lingers }: ServiceStatus, role: Role): DoctorCheck {
  if (manager === 'none') return verdict('service', 'ok', 'cli.service.none');
  const params = { manager, file: file ?? '' };
  // Clients call the core: what it does after a restart is theirs to feel.
  if (!installed && role === 'core')
    return verdict('service', 'advice', 'doctor.service.coreWithout', params, 'doctor.service.install');
  if (!installed) return verdict('service', 'ok', 'cli.service.absent', params);
  if (active === false)
    return verdict('service', 'problem', 'cli.service.inactive', params, 'doctor.service.install');
  if (lingers === false)
    return verdict('service', 'advice', 'service.noLinger', params, 'service.noLinger.action');
  return verdict('service', 'ok', active === null ? 'cli.service.unknown' : 'cli.service.active', params);
}
