import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { makePrivateFolder } from './files.ts';
import type { Home } from './home.ts';
import { isAlive, refOf, type ProcessRef } from './processes.ts';

/** Proof that this process is the only engine of its home. */
export interface EngineLock {
  release(): Promise<void>;
}

/**
 * Takes the home for this process: `run/engine.json`, made exclusively. A lock of a dead process (its pid gone,
 * or now another process) is taken over. Refused with `engineAlreadyRunning` and the pid of the first.
 */
export async function lockHome(home: Home): Promise<Result<EngineLock>> {
  await makePrivateFolder(home.root);
  await makePrivateFolder(home.run);
  const file = join(home.run, 'engine.json');
  const self = await refOf(process.pid);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await createExclusively(file, JSON.stringify(self)))
      return ok({ release: () => rm(file, { force: true }) });
    const holder = await readRef(file);
    if (holder !== null && (await isAlive(holder))) return fail('engineAlreadyRunning', { pid: holder.pid });
    // Two takers may race here: only one rename of the dead lock succeeds, the other tries again.
    await rename(file, `${file}.${process.pid}`).catch(() => undefined);
    await rm(`${file}.${process.pid}`, { force: true });
  }
  return fail('internal', { detail: 'the engine lock changed hands five times' });
}

async function createExclusively(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function readRef(file: string): Promise<ProcessRef | null> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<ProcessRef>;
    return typeof value.pid === 'number' && typeof value.startedAt === 'string'
      ? { pid: value.pid, startedAt: value.startedAt }
      : null;
  } catch {
    return null;
  }
}
