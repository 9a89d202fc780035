import { silentLog } from '../../src-engine/platform/log.ts';
import type { Clock, Scheduler } from '../../src-engine/platform/clock.ts';
import type { Tools } from '../../src-engine/platform/tools.ts';
import type { VitalsPorts } from '../../src-engine/vitals/vitals.ts';
import { defaultSettings } from '../../src-shared/settings.ts';

/** Ports of the vitals room on an edge where nothing can be read; a test gives what it needs. */
export function vitalsPorts(
  time: { readonly clock: Clock; readonly scheduler: Scheduler },
  given: Partial<VitalsPorts>,
): VitalsPorts {
  return {
    clock: time.clock,
    scheduler: time.scheduler,
    tools: noTools,
    files: { read: () => Promise.resolve(null), list: () => Promise.resolve([]) },
    platform: 'darwin',
    root: null,
    timeScale: 1,
    limits: () => defaultSettings.stages,
    role: () => 'edge',
    usualDrainMs: () => null,
    dataFolder: '/data',
    volumeOf: () => Promise.resolve(null),
    dockerSocket: () => null,
    fanless: () => false,
    log: silentLog,
    publish: () => undefined,
    ...given,
  };
}

/** Tools that must not be started. */
const noTools: Tools = {
  run: () => Promise.reject(new Error('nothing may be started')),
  resident: () => {
    throw new Error('nothing may be started');
  },
  find: () => Promise.resolve(null),
};
