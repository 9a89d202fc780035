import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok } from '../src-shared/errors/result.ts';
import type { Platform } from './platform/platform.ts';
import { sampleRing, type Sample } from './samples/sample-ring.ts';
import type { World } from '../src-shared/world/world.ts';
import type { WorldStore } from './world-store.ts';

export interface Samples {
  readonly handlers: Pick<Handlers<Caller>, 'samples.recent'>;
  /** The longest gap between two signs of life of the other Mac since the last call. */
  noteGap(gapMs: number): void;
}

/** Keeps for 24 hours what vitals measured and how regularly the other Mac was heard. */
export function wireSamples(platform: Platform, world: WorldStore): Samples {
  const ring = sampleRing();
  world.subscribe((now, before) => {
    if (now.host.vitals !== before.host.vitals) ring.put(platform.clock.monotonicMs(), sampleOf(now));
  });
  return {
    handlers: {
      'samples.recent': async ({ seconds, points }) =>
        ok(ring.recent(platform.clock.monotonicMs(), seconds, points)),
    },
    noteGap: (peerGapMs) => ring.put(platform.clock.monotonicMs(), { peerGapMs }),
  };
}

function sampleOf({ host: { vitals } }: World): Partial<Sample> {
  const { memory, battery, thermal, load } = vitals;
  return {
    memoryPercent: memory === null || memory.stale ? null : (memory.usedBytes / memory.totalBytes) * 100,
    batteryPercent: battery === null || battery.stale ? null : battery.percent,
    thermalLevel: thermal === null || thermal.stale ? null : thermal.level,
    cpuPercent: load === null || load.stale ? null : load.cpuPercent,
  };
}
