/** Names and formatting of quantities; the only place where a number becomes text for people. */

const KIB = 1024;
export const MIB = KIB * KIB;
export const GIB = MIB * KIB;

/** Bytes as people read RAM: binary units, GB below 10 with one decimal. `11.2 GB`, `640 MB`. */
export function formatBytes(bytes: number): string {
  const gib = bytes / GIB;
  if (gib >= 0.95) return `${trimmed(gib)} GB`;
  return `${Math.round(bytes / MIB)} MB`;
}

/** Bytes as GB without the unit, for `11.2 / 16 GB`. */
export function formatGigabytes(bytes: number): string {
  return trimmed(bytes / GIB);
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

export interface DurationWords {
  /** `{{count}}` forms, such as "2 h" or "2시간". */
  hours(count: number): string;
  minutes(count: number): string;
  seconds(count: number): string;
}

/** `2 h 10 min`, `9 min`, `42 s`: at most two parts, rounded to the smaller one. */
export function formatDuration(milliseconds: number, words: DurationWords): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return words.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  if (seconds < 600 && seconds % 60 !== 0)
    return `${words.minutes(Math.floor(seconds / 60))} ${words.seconds(seconds % 60)}`;
  if (minutes < 60) return words.minutes(minutes);
  const rest = minutes % 60;
  const hours = words.hours(Math.floor(minutes / 60));
  return rest === 0 ? hours : `${hours} ${words.minutes(rest)}`;
}

const DURATION_UNITS_MS = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses `90s`, `15m`, `1h`, `2d`. Returns milliseconds, or null when the text is none of these. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)$/.exec(text.trim());
  if (!match?.[1] || !match[2]) return null;
  return Math.round(Number(match[1]) * DURATION_UNITS_MS[match[2] as keyof typeof DURATION_UNITS_MS]);
}
