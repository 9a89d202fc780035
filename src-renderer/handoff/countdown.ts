/** Until the settings are read (design/limits.md, Hand-off); both are divided by the time scale. */
export const COUNTDOWN_SECONDS = 60;
export const DELAY_MINUTES = 10;

/** `0:45`, `1:05`: of equal width, so that it does not jump. A started second is a whole one. */
export function clockOf(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
