import type { ServiceStatus } from '../../src-shared/commands/service.ts';
import type { Verb, VerbContext } from '../verb.ts';

function show(
  { manager, installed, active, file, lingers }: ServiceStatus,
  { terminal: { print, t } }: VerbContext,
): void {
  if (manager === 'none') return print(t('cli.service.none'));
  const state = !installed ? 'absent' : active === null ? 'unknown' : active ? 'active' : 'inactive';
  print(t(`cli.service.${state}`, { manager, file: file ?? '' }));
  if (lingers === false) {
    print(t('service.noLinger', { manager }));
    print(t('service.noLinger.action'));
  }
}

export const serviceVerbs = {
  'service.install': { show } satisfies Verb<'service.install'>,
  'service.remove': { show } satisfies Verb<'service.remove'>,
  'service.status': { show } satisfies Verb<'service.status'>,
};
