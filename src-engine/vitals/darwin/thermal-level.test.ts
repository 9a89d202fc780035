import { describe, expect, test } from 'vitest';
import { parseClamshell } from './clamshell.ts';
import { parseThermalLevel } from './thermal-level.ts';

const notes = `Note: No thermal warning level has been recorded
Note: No performance warning level has been recorded
Note: No CPU power status has been recorded
`;

describe('vitals 9: notifyutil', () => {
  test.each([0, 1, 2, 3, 4])('vitals 9: `key %i` is that level', (level) => {
    expect(parseThermalLevel(`com.apple.system.thermalpressurelevel ${level}\n`)).toBe(level);
  });

  test.each([
    ['another key', 'com.apple.system.lowpowermode 2\n'],
    ['no integer', 'com.apple.system.thermalpressurelevel nominal\n'],
    ['a fraction', 'com.apple.system.thermalpressurelevel 2.0\n'],
    ['out of range', 'com.apple.system.thermalpressurelevel 5\n'],
    ['negative', 'com.apple.system.thermalpressurelevel -1\n'],
    ['a failure', 'com.apple.system.thermalpressurelevel: notify_get_state failed\n'],
    ['nothing', ''],
    ['the notes of `pmset -g therm`', notes],
  ])('vitals 9: %s is unknown, never nominal', (_, output) => {
    expect(parseThermalLevel(output)).toBeNull();
  });
});

describe('the lid of a Mac', () => {
  test.each([
    ['+-o IOPMrootDomain  <class IOPMrootDomain>\n  |   "AppleClamshellState" = No\n', false],
    ['    {\n      "AppleClamshellCausesSleep" = No\n      "AppleClamshellState" = Yes\n    }\n', true],
    ['', null],
    ['"AppleClamshellState" = Maybe', null],
    ['"AppleClamshellCausesSleep" = Yes', null],
  ])('%j -> %s', (output, closed) => expect(parseClamshell(output)).toBe(closed));
});
