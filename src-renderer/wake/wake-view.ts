import type { Wake, WakeLine } from '../../src-shared/world/wake.ts';

/** How long a list of what came back is worth a person's look. */
const SHOWN_MS = 10 * 60_000;

/** What the card shows: nothing when all was well at once, or it is long ago: what is still wrong then has its own place. */
export function wakeLinesShown(wake: Wake | null, nowMs: number): readonly WakeLine[] {
  if (wake === null) return [];
  const isWrong = wake.lines.some(({ verdict }) => verdict === 'problem');
  const isNews = wake.lines.some(({ verdict }) => verdict === 'recovered' || verdict === 'looking');
  const isRecent = nowMs - Date.parse(wake.at) < SHOWN_MS;
  return isRecent && (isWrong || isNews) ? wake.lines : [];
}
