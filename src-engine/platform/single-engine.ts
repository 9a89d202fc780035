import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { pause, systemScheduler } from './clock.ts';
import { makePrivateFolder } from './files.ts';
import type { Home } from './home.ts';
import { isAlive, refOf, type ProcessRef } from './processes.ts';

/** Proof that this process is the only engine of its home. */
export interface EngineLock {
  release(): Promise<void>;
}

/** The lock, or the living process that has it; null when it changed hands too often to tell. */
type Taken = { readonly lock: EngineLock } | { readonly holder: ProcessRef } | null;

const ATTEMPTS = 50;
const RETRY_MS = 20;
/** A takeover needs a lock of its own, and so does the takeover of that one, after crashes in between. */
const MAX_DEPTH = 3;

/**
 * Takes the home for this process: `run/engine.json`, made exclusively. A lock of a dead process (its pid gone,
 * or now another process) is taken over. Refused with `engineAlreadyRunning` and the pid of the first.
 */
export async function lockHome(home: Home): Promise<Result<EngineLock>> {
  await makePrivateFolder(home.root);
  await makePrivateFolder(home.run);
  const self = await refOf(process.pid);
  if (self === null)
    return fail('internal', { detail: 'the system does not tell when this process started' });
  const taken = await take(join(home.run, 'engine.json'), self);
  if (taken === null) return fail('internal', { detail: 'the engine lock changed hands too often' });
  return 'lock' in taken ? ok(taken.lock) : fail('engineAlreadyRunning', { pid: taken.holder.pid });
}

/** Takes the lock `file` for `self`. */
export async function take(file: string, self: ProcessRef, depth = 0): Promise<Taken> {
  // The token tells two locks of one process apart.
  const text = JSON.stringify({ ...self, token: randomBytes(8).toString('hex') });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await linkInto(file, text)) return { lock: lockOf(file, text) };
    const judged = await readText(file);
    if (judged === null) continue;
    const holder = parseRef(judged);
    if (holder !== null && (await isAlive(holder))) return { holder };
    if (await takeOver(file, judged, text, self, depth)) return { lock: lockOf(file, text) };
    await pause(systemScheduler, RETRY_MS);
  }
  return null;
}

/**
 * Replaces the lock `judged`, whose holder is dead. Only who holds `FILE.take` may replace a lock that is there,
 * and the dead do not release theirs: between the look and the rename nobody else can have put a new one.
 */
async function takeOver(
  file: string,
  judged: string,
  text: string,
  self: ProcessRef,
  depth: number,
): Promise<boolean> {
  if (depth >= MAX_DEPTH) return false;
  const turn = await take(`${file}.take`, self, depth + 1);
  if (turn === null || !('lock' in turn)) return false;
  try {
    if ((await readText(file)) !== judged) return false;
    await rename(await writeBeside(file, text), file);
    return true;
  } finally {
    await turn.lock.release();
  }
}

function lockOf(file: string, text: string): EngineLock {
  return {
    release: async () => {
      if ((await readText(file)) === text) await rm(file, { force: true });
    },
  };
}

/** Puts a whole lock into place, or nothing: nobody may ever read half of it. */
async function linkInto(file: string, text: string): Promise<boolean> {
  const temporary = await writeBeside(file, text);
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeBeside(file: string, text: string): Promise<string> {
  const temporary = `${file}.${process.pid}-${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

/** The file's text; null when there is no such file. Whatever else forbids reading it is thrown: it is no proof of death. */
async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parseRef(text: string): ProcessRef | null {
  try {
    const value = JSON.parse(text) as Partial<ProcessRef> | null;
    return typeof value?.pid === 'number' && typeof value.startedAt === 'string'
      ? { pid: value.pid, startedAt: value.startedAt }
      : null;
  } catch {
    return null;
  }
}
