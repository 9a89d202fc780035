// One builder at a time: `scripts/tandem` may run many times at once over the same stale sources.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Runs `task` while holding the lock file. A lock whose holder is dead is taken over. */
export async function withLock(file, task) {
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) await pause(50);
  try {
    return await task();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!holderLives(file)) rmSync(file, { force: true });
    return false;
  }
}

function holderLives(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Empty: made this moment, its pid follows.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
