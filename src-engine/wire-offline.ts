import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { embeddedProvider } from './cluster/embedded/embedded-provider.ts';
import { openRegistry } from './cluster/registry-file.ts';
import type { Platform } from './platform/platform.ts';
import { resetHandlers } from './settings/reset.ts';
import { wireService } from './wire-service.ts';

type OfflineMethod = 'reset.run' | 'service.install' | 'service.remove' | 'service.status';

/** Verbs that need no engine; reset refuses to work beside one. */
export function wireOffline(platform: Platform): Pick<Handlers<Caller>, OfflineMethod> {
  const embedded = embeddedProvider({ home: platform.home, scheduler: platform.scheduler, program: '' });
  const service = wireService(platform);
  const reset = resetHandlers({
    home: platform.home,
    removeService: service.removeIfInstalled,
    endProcesses: () => embedded.endOrphans([]),
    foreignClusters: async () => {
      const registry = await openRegistry(platform.home.clusters);
      return registry
        .all()
        .filter(({ provider }) => provider !== 'embedded')
        .map(({ name }) => name);
    },
  });
  return { ...reset, ...service.handlers };
}
