import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Tools } from '../../platform/tools.ts';

export interface FoundHaproxy {
  /** Absolute. */
  readonly path: string;
  /** As it names itself: `2.6.12-1+deb12u4`. */
  readonly version: string;
}

/** The oldest that was measured (research/haproxy.md). */
export const OLDEST_HAPROXY = '2.6';
const VERSION_LIMIT_MS = 5000;

/**
 * The HAProxy of this machine (Homebrew, Debian).
 * Errors: `frontNotFound {front, needed}` when there is none, `frontTooOld {version, needed}`.
 */
export async function findHaproxy(tools: Tools): Promise<Result<FoundHaproxy>> {
  const path = await tools.find('haproxy');
  if (path === null) return fail('frontNotFound', { front: 'haproxy', needed: OLDEST_HAPROXY });
  const { stdout } = await tools.run(path, ['-v'], { timeoutMs: VERSION_LIMIT_MS, graceMs: 0 });
  const version = versionFrom(stdout);
  if (version === null) return fail('frontNotFound', { front: 'haproxy', needed: OLDEST_HAPROXY });
  if (newEnough(version)) return ok({ path, version });
  return fail('frontTooOld', { version, needed: OLDEST_HAPROXY });
}

/** `HAProxy version 2.6.12-1+deb12u4 2026/…`; before 2.4 it wrote `HA-Proxy`. Null: it is something else. */
export function versionFrom(text: string): string | null {
  return /^HA-?Proxy version (\d+\.\d\S*)/m.exec(text)?.[1] ?? null;
}

export function newEnough(version: string, oldest: string = OLDEST_HAPROXY): boolean {
  const [major = 0, minor = 0] = numbers(version);
  const [leastMajor = 0, leastMinor = 0] = numbers(oldest);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function numbers(version: string): number[] {
  return (/^(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
}
