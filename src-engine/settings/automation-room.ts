import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { parseDuration } from '../../src-shared/units.ts';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import { removeFile, writePrivately } from '../platform/files.ts';

export interface Automation {
  readonly enabled: boolean;
  readonly pausedUntil: string | null;
}

export interface AutomationPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly runFolder: string;
  enabled(): boolean;
  publish(automation: Automation): void;
}

export interface AutomationRoom {
  /** May something happen by itself now? Stage stop, shutdown and weight 0 on loss do not ask (design decision 25). */
  mayAct(): boolean;
  /** Publishes anew, after the setting changed. */
  refresh(): void;
  readonly handlers: Pick<Handlers<Caller>, 'automation.pause' | 'automation.resume'>;
  dispose(): void;
}

const MAX_PAUSE_MS = 30 * 24 * 3_600_000;
const fileSchema = z.object({ pausedUntil: z.iso.datetime() });

/** A pause outlives the engine: it is kept in run/automation.json. */
export async function openAutomation(ports: AutomationPorts): Promise<AutomationRoom> {
  const file = join(ports.runFolder, 'automation.json');
  let pausedUntil = await readPause(file);
  let timer: Disposable | null = null;
  const current = (): Automation => {
    const ended = pausedUntil === null || pausedUntil.getTime() <= ports.clock.wall().getTime();
    return { enabled: ports.enabled(), pausedUntil: ended ? null : pausedUntil!.toISOString() };
  };
  function refresh(): void {
    timer?.dispose();
    ports.publish(current());
    const leftMs = (pausedUntil?.getTime() ?? 0) - ports.clock.wall().getTime();
    if (leftMs > 0) timer = ports.scheduler.after(Math.min(leftMs, 3_600_000), refresh);
  }
  refresh();
  return {
    mayAct: () => current().enabled && current().pausedUntil === null,
    refresh,
    handlers: {
      'automation.pause': async ({ duration }) => {
        const milliseconds = parseDuration(duration);
        if (milliseconds === null || milliseconds <= 0 || milliseconds > MAX_PAUSE_MS)
          return fail('badArguments', { detail: `${duration} is no duration such as 30m or 2h, up to 30d` });
        pausedUntil = new Date(ports.clock.wall().getTime() + milliseconds);
        await writePrivately(file, JSON.stringify({ pausedUntil: pausedUntil.toISOString() }));
        refresh();
        return ok(current());
      },
      'automation.resume': async () => {
        pausedUntil = null;
        await removeFile(file);
        refresh();
        return ok(current());
      },
    },
    dispose: () => timer?.dispose(),
  };
}

async function readPause(file: string): Promise<Date | null> {
  try {
    return new Date(fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).pausedUntil);
  } catch {
    return null;
  }
}
