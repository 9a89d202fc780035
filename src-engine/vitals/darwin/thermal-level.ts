import { wholeNumber, within } from '../readings.ts';

/** 0 nominal, 1 moderate, 2 heavy, 3 trapping, 4 sleeping (OSThermalNotification.h, macOS). */
export const THERMAL_KEY = 'com.apple.system.thermalpressurelevel';

/**
 * Reads `notifyutil -g KEY`: one line `KEY LEVEL`. Another key's line, words, or the notes of
 * `pmset -g therm` ("No thermal warning level has been recorded": no data, not "nominal") are unknown.
 */
export function parseThermalLevel(output: string): number | null {
  const [key, level, ...more] = output.trim().split(/\s+/);
  if (key !== THERMAL_KEY || more.length > 0) return null;
  return within(wholeNumber(level), 0, 4);
}
