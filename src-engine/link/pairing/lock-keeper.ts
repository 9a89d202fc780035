import type { Result } from '../../../src-shared/errors/result.ts';
import type { Clock } from '../../platform/clock.ts';
import { readPrivateFile, writePrivateFile } from '../identity/private-file.ts';
import { afterFailure, lockOf, lockText, mayPair, noFailures, type PairingLock } from './pairing-lock.ts';

/** Keeps the pairing lock in memory and in a small file, which only outlives a restart. */
export interface LockKeeper {
  /** `pairingLocked {minutes}` while three failures stand. */
  mayPair(): Promise<Result<null>>;
  failure(): void;
  success(): void;
  /** When all that happened is in the file. */
  settled(): Promise<void>;
}

export function createLockKeeper(path: string, clock: Clock): LockKeeper {
  let lock: PairingLock | null = null;
  let writing: Promise<unknown> = Promise.resolve();

  async function load(): Promise<PairingLock> {
    const text = await readPrivateFile(path);
    // What cannot be read is no way round the lock: '' counts as damaged.
    lock ??= lockOf(text.ok ? text.value : '', clock.monotonicMs(), clock.wall());
    return lock;
  }
  /** A disk that takes nothing leaves the lock in memory. */
  function keep(next: PairingLock): void {
    lock = next;
    const text = lockText(next, clock.monotonicMs(), clock.wall());
    writing = writing.then(() => writePrivateFile(path, text));
  }
  return {
    mayPair: async () => mayPair(lock ?? (await load()), clock.monotonicMs()),
    failure: () => keep(afterFailure(lock ?? noFailures, clock.monotonicMs())),
    success: () => keep(noFailures),
    settled: async () => void (await writing),
  };
}
