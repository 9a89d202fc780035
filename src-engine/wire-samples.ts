import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Platform } from './platform/platform.ts';
import { sampleRing, type Sample } from './samples/sample-ring.ts';
import type { World } from '../src-shared/world/world.ts';
import type { WorldStore } from './world-store.ts';

/** Keeps what vitals measured for 24 hours. */
export function wireSamples(platform: Platform, world: WorldStore): Pick<Handlers<Caller>, 'samples.recent'> {
  const ring = sampleRing();
  world.subscribe((now, before) => {
    if (now.host.vitals !== before.host.vitals) ring.put(platform.clock.monotonicMs(), sampleOf(now));
  });
  return {
    'samples.recent': async ({ seconds, points }) =>
      ok(ring.recent(platform.clock.monotonicMs(), seconds, points)),
  };
}

function sampleOf({ host: { vitals } }: World): Sample {
  const { memory, battery, thermal, load } = vitals;
  return {
    memoryPercent: memory === null || memory.stale ? null : (memory.usedBytes / memory.totalBytes) * 100,
    batteryPercent: battery === null || battery.stale ? null : battery.percent,
    thermalLevel: thermal === null || thermal.stale ? null : thermal.level,
    cpuPercent: load === null || load.stale ? null : load.cpuPercent,
  };
}
