import type { Clock } from '../../platform/clock.ts';

const PERIOD_MS = 60_000;
/** More addresses than a home has; past it the oldest is forgotten. */
const REMEMBERED = 256;

/** True at most once a minute for each key: a stranger who knocks all day fills no log. */
export function saidOnce(clock: Clock): (key: string) => boolean {
  const saidAt = new Map<string, number>();
  return (key) => {
    const now = clock.monotonicMs();
    const before = saidAt.get(key);
    if (before !== undefined && now - before < PERIOD_MS) return false;
    saidAt.delete(key);
    saidAt.set(key, now);
    const [oldest] = saidAt.keys();
    if (saidAt.size > REMEMBERED && oldest !== undefined) saidAt.delete(oldest);
    return true;
  };
}
