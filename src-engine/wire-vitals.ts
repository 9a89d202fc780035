import { hostname } from 'node:os';
import type { Settings } from '../src-shared/settings.ts';
import type { HostFacts, Stage, Vitals } from '../src-shared/world/vitals.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { volumeOf } from './platform/files.ts';
import type { Platform } from './platform/platform.ts';
import type { RawReading } from './doctor/diagnostics.ts';
import { createVitals, type VitalsRoom } from './vitals/vitals.ts';
import type { Notices } from './wire-notices.ts';
import type { WorldStore } from './world-store.ts';

export interface VitalsNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly notices: Notices;
  readonly facts: HostFacts;
  settings(): Settings;
  dockerSocket(): string | null;
  /** A stage was entered that may stop things (design decision 20). */
  onStage(stage: Stage): void;
}

type Sensors = Omit<Parameters<typeof createVitals>[0], 'publish'>;

/** What vitals are read from and with; the same for an engine and for a one-shot. */
function sensorsOf(
  platform: Platform,
  settings: () => Settings,
  dockerSocket: () => string | null,
  fanless: boolean | null,
): Sensors {
  return {
    clock: platform.clock,
    scheduler: platform.scheduler,
    tools: platform.tools,
    files: platform.files,
    platform: platform.os,
    root: platform.env['VITALS_ROOT'] || null,
    timeScale: platform.timeScale,
    limits: () => settings().stages,
    role: () => settings().role,
    usualDrainMs: () => null,
    dataFolder: platform.home.root,
    volumeOf,
    dockerSocket,
    fanless: () => fanless,
    log: platform.log('vitals'),
  };
}

/** The raw outputs of every sensor, without an engine. */
export async function readVitalsOnce(
  platform: Platform,
  settings: () => Settings,
  dockerSocket: () => string | null,
): Promise<readonly RawReading[]> {
  const vitals = createVitals({
    ...sensorsOf(platform, settings, dockerSocket, null),
    publish: () => undefined,
  });
  const readings = await vitals.recordRaw();
  vitals.dispose();
  return readings;
}

/** Vitals write the host's slice; a stage that changes is told to history and notices. */
export function wireVitals(needs: VitalsNeeds): VitalsRoom {
  const { platform, world } = needs;
  return createVitals({
    ...sensorsOf(platform, needs.settings, needs.dockerSocket, needs.facts.fanless),
    publish: (vitals) => {
      const before = world.get().host.vitals;
      world.write({ host: { name: hostname(), facts: needs.facts, vitals } });
      if (before.stage !== vitals.stage) stageChanged(needs, before.stage, vitals);
    },
  });
}

function stageChanged({ history, notices, onStage }: VitalsNeeds, from: Stage, vitals: Vitals): void {
  const reason = vitals.reasons.find(({ stage }) => stage === vitals.stage) ?? vitals.reasons[0];
  const { stage } = vitals;
  history.add({
    kind: stage === 'ok' ? 'stage.cleared' : 'stage.entered',
    what: stage === 'ok' ? `stage ${from} is over` : `stage ${stage}`,
    why: reason === undefined ? null : `${reason.metric} ${reason.value ?? 'unknown'}, limit ${reason.limit}`,
    evidence: { from, to: stage, reasons: vitals.reasons },
  });
  notices.tell({
    type: 'stage',
    stage,
    metric: reason?.metric ?? 'none',
    value: reason?.value ?? null,
    limit: reason?.limit ?? 0,
  });
  onStage(stage);
}
