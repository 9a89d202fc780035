import { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';

/** Three failures lock for ten minutes (research/link.md 5): at 10^-6 a try, guessing stays hopeless. */
export const LOCK_AFTER_FAILURES = 3;
export const LOCK_MS = 10 * 60_000;

/** When tries failed, on the monotonic clock, oldest first; those of the last ten minutes. */
export interface PairingLock {
  readonly failedAtMs: readonly number[];
}

export const noFailures: PairingLock = { failedAtMs: [] };

/** `pairingLocked {minutes}` (1 or more, rounded up) while three failures are not ten minutes old. */
export function mayPair(lock: PairingLock, nowMs: number): Result<null> {
  const recent = recentOf(lock.failedAtMs, nowMs);
  if (recent.length < LOCK_AFTER_FAILURES) return ok(null);
  const leftMs = (recent.at(-1) ?? nowMs) + LOCK_MS - nowMs;
  return fail('pairingLocked', { minutes: Math.max(1, Math.ceil(leftMs / 60_000)) });
}

export function afterFailure(lock: PairingLock, nowMs: number): PairingLock {
  return { failedAtMs: [...recentOf(lock.failedAtMs, nowMs), nowMs].slice(-LOCK_AFTER_FAILURES) };
}

const fileSchema = z.object({ failedAt: z.array(z.iso.datetime()).max(LOCK_AFTER_FAILURES) });

/** For `identity/pairing-lock.json`: a restart is no way round the lock, and only wall time outlives one. */
export function lockText(lock: PairingLock, nowMs: number, wall: Date): string {
  const failedAt = lock.failedAtMs.map((at) => new Date(wall.getTime() - (nowMs - at)).toISOString());
  return `${JSON.stringify({ failedAt })}\n`;
}

/**
 * The lock of a file, `null` when there is none. A time that is still to come (the clock was set back) is now;
 * a file that cannot be understood counts as three failures now: damage is no way round the lock either.
 */
export function lockOf(text: string | null, nowMs: number, wall: Date): PairingLock {
  if (text === null) return noFailures;
  const failedAt = failuresIn(text);
  if (failedAt === null) return { failedAtMs: Array.from({ length: LOCK_AFTER_FAILURES }, () => nowMs) };
  const ages = failedAt.map((at) => Math.max(0, wall.getTime() - Date.parse(at)));
  return {
    failedAtMs: recentOf(
      ages.map((age) => nowMs - age).sort((one, other) => one - other),
      nowMs,
    ),
  };
}

function failuresIn(text: string): readonly string[] | null {
  try {
    const file = fileSchema.safeParse(JSON.parse(text));
    return file.success ? file.data.failedAt : null;
  } catch {
    return null;
  }
}

/** While the lock stands, all three stay; else each is forgotten when it is ten minutes old. */
function recentOf(failedAtMs: readonly number[], nowMs: number): readonly number[] {
  const newest = failedAtMs.at(-1);
  if (newest === undefined || nowMs - newest >= LOCK_MS) return [];
  if (failedAtMs.length >= LOCK_AFTER_FAILURES) return failedAtMs;
  return failedAtMs.filter((at) => nowMs - at < LOCK_MS);
}
