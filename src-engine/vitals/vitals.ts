import type { Disposable } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { noteAC, noteKnownStep } from './battery-track.ts';
import { woken, type ReadingOf } from './board.ts';
import { kinds, type Kind, type Situation } from './cadence.ts';
import { startPslog } from './darwin/pslog-stream.ts';
import { createDesk, type Desk, type DeskPorts } from './desk.ts';
import { makeSources, modeOf, type SourcePorts } from './make-sources.ts';
import { recordRaw, type RawReading } from './record-raw.ts';
import { createSampler, type Sampler, type SamplerTask } from './sampler.ts';
import type { Source } from './source.ts';

export interface VitalsPorts extends SourcePorts, DeskPorts {
  readonly log: Logger;
}

export type HostPowerEvent = 'suspend' | 'resume' | 'shutdown' | 'onAc' | 'onBattery' | 'thermal';

export interface VitalsRoom extends Disposable {
  /** Somebody looks: sampled faster. */
  setLive(live: boolean): void;
  setClusterRunning(running: boolean): void;
  /** The app itself starts or stops a cluster: the slow estimate of power begins anew. */
  noteKnownStep(): void;
  hostEvent(event: HostPowerEvent): void;
  /** Raw outputs of every tool and file that is read, for `doctor --record`; serial numbers removed. */
  recordRaw(): Promise<readonly RawReading[]>;
}

/** Starts reading at once; the first slice is published as soon as anything is known. */
export function createVitals(ports: VitalsPorts): VitalsRoom {
  const ended = new AbortController();
  const mode = modeOf(ports);
  const desk = createDesk(ports, mode, () => {
    stream?.follow(desk.situation().battery);
    sampler.replan();
  });
  const sources = makeSources(ports, ended.signal);
  const sampler = createSampler({
    ...ports,
    tasks: kinds.flatMap((kind) => taskOf(kind, sources[kind], desk, ports.log)),
    situation: desk.situation,
  });
  const stream = mode === 'darwin' ? batteryStream(ports, desk, sampler) : null;
  sampler.replan();
  return {
    setLive: (live) => desk.look({ live }),
    setClusterRunning: (clusterRunning) => desk.look({ clusterRunning }),
    noteKnownStep: () => desk.change((board) => ({ ...board, battery: noteKnownStep(board.battery) })),
    hostEvent: (event) => hear(event, desk, sampler, ports),
    recordRaw: () => recordRaw(ports),
    dispose() {
      ended.abort();
      desk.dispose();
      stream?.dispose();
      sampler.dispose();
    },
  };
}

function taskOf<K extends Kind>(
  kind: K,
  source: Source<ReadingOf[K]> | null,
  desk: Desk,
  log: Logger,
): SamplerTask[] {
  if (source === null) return [];
  let silent = false;
  const run = async (): Promise<void> => {
    try {
      const value = await source.read();
      if (value !== null) desk.take(kind, source.name, value);
      // Once, not each period: a machine without a lid has none the next second either.
      if (value === null && !silent) log.debug({ kind, source: source.name }, 'no reading');
      silent = value === null;
    } catch (error) {
      log.error({ kind, source: source.name, error }, 'a reader failed');
    }
  };
  return [{ kind, tool: source.tool, run }];
}

/** The resident `pmset -g pslog`, from the moment a battery is known to be there. */
function batteryStream(
  ports: VitalsPorts,
  desk: Desk,
  sampler: Sampler,
): Disposable & { follow(battery: Situation['battery']): void } {
  let stream: Disposable | null = null;
  return {
    follow(battery) {
      if (battery !== 'present') return;
      stream ??= startPslog({
        ...ports,
        onSpawn: () => sampler.noteSpawn('battery', 'pmset -g pslog'),
        onReading(reading) {
          const before = desk.situation().onAC;
          desk.take('battery', 'pmset -g pslog', reading);
          sampler.heard('battery');
          // Watts and charge of the other supply are of no use any more.
          if (reading.onAC !== before) sampler.now(['gauge', 'thermal']);
        },
      });
    },
    dispose: () => stream?.dispose(),
  };
}

function hear(event: HostPowerEvent, desk: Desk, sampler: Sampler, ports: VitalsPorts): void {
  switch (event) {
    case 'resume':
      desk.change(woken);
      return sampler.now(kinds);
    case 'onAc':
    case 'onBattery':
      // Under VITALS_ROOT the host's own plug says nothing about the machine that is played.
      if (ports.root === null)
        desk.change((board) => ({ ...board, battery: noteAC(board.battery, event === 'onAc') }));
      return sampler.now(['battery', 'gauge', 'lid']);
    case 'thermal':
      return sampler.now(['thermal']);
    case 'suspend':
    case 'shutdown':
      return sampler.now(['lid']);
  }
}
