import { join } from 'node:path';
import { pause } from '../platform/clock.ts';
import { makePrivateFolder } from '../platform/files.ts';
import type { Platform } from '../platform/platform.ts';
import { refOf } from '../platform/processes.ts';
import { take, type EngineLock } from '../platform/single-engine.ts';

const RETRY_MS = 20;
/** Reading and writing a small file takes milliseconds; who holds the lock longer hangs. */
const WAIT_MS = 3000;

/**
 * Runs `task` while no other process of this home changes engine.json: two `tandem settings set` without an engine
 * would each write what they read, and one value would be lost.
 */
export async function whileAlone<T>({ home, scheduler }: Platform, task: () => Promise<T>): Promise<T> {
  await makePrivateFolder(home.run);
  const lock = await lockSettings(join(home.run, 'settings.lock'), (ms) => pause(scheduler, ms));
  try {
    return await task();
  } finally {
    await lock?.release();
  }
}

/** Null when it could not be had in time: a setting that a person asked for is not refused for that. */
async function lockSettings(file: string, wait: (ms: number) => Promise<void>): Promise<EngineLock | null> {
  const self = await refOf(process.pid);
  if (self === null) return null;
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += RETRY_MS) {
    const taken = await take(file, self);
    if (taken !== null && 'lock' in taken) return taken.lock;
    await wait(RETRY_MS);
  }
  return null;
}
