import type { Clock, Disposable, Scheduler } from '../../platform/clock.ts';
import type { ResidentTool, Tools } from '../../platform/tools.ts';
import type { BatteryReading } from '../readings.ts';
import { feedPslog, freshPslog } from './pslog.ts';

export interface PslogPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly tools: Tools;
  /** Called for each reading; `isNew` is false when it says what the last one said. */
  onReading(reading: BatteryReading, isNew: boolean): void;
  /** A child is started; the spawn budget counts it. */
  onSpawn(): void;
}

export const PMSET = '/usr/bin/pmset';
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;
/** A child that lived this long was well: its next death begins the back-off anew. */
const WELL_MS = 60_000;

/** Keeps one `pmset -g pslog` running until disposed of. */
export function startPslog(ports: PslogPorts): Disposable {
  let backoffMs = FIRST_BACKOFF_MS;
  let timer: Disposable | null = null;
  let child: ResidentTool | null = null;
  let disposed = false;
  let last = '';

  function start(): void {
    timer = null;
    let state = freshPslog;
    const startedMs = ports.clock.monotonicMs();
    ports.onSpawn();
    child = ports.tools.resident(PMSET, ['-g', 'pslog'], (chunk) => {
      if (disposed) return;
      const fed = feedPslog(state, chunk);
      state = fed.state;
      for (const reading of fed.readings) tell(reading);
    });
    void child.ended.then(() => restart(startedMs));
  }

  function tell(reading: BatteryReading): void {
    const text = JSON.stringify(reading);
    ports.onReading(reading, text !== last);
    last = text;
  }

  function restart(startedMs: number): void {
    child = null;
    if (disposed) return;
    if (ports.clock.monotonicMs() - startedMs >= WELL_MS) backoffMs = FIRST_BACKOFF_MS;
    timer = ports.scheduler.after(backoffMs, start);
    backoffMs = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2);
  }

  start();
  return {
    dispose() {
      disposed = true;
      timer?.dispose();
      child?.stop();
    },
  };
}
