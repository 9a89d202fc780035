/**
 * TANDEM_TIME_SCALE divides dwells, latches, countdowns, cool-downs and sampling periods;
 * never estimators, detection, deadlines or I/O limits (design/limits.md, head).
 *
 * @returns 1 or more; 1 when unset or not a number
 */
export function timeScaleFrom(env: NodeJS.ProcessEnv = process.env): number {
  const value = Number(env['TANDEM_TIME_SCALE'] ?? 1);
  return Number.isFinite(value) && value >= 1 ? value : 1;
}
