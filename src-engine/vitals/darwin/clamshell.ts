/**
 * Reads `ioreg -r -k AppleClamshellState -d 1 -w0`.
 *
 * @returns null when the key is not printed: a desktop Mac has no lid
 */
export function parseClamshell(output: string): boolean | null {
  const word = /"AppleClamshellState" = (Yes|No)\b/.exec(output)?.[1];
  return word === undefined ? null : word === 'Yes';
}
