/** Reads `/proc/acpi/button/lid/LID0/state` (`state:      open`); true is closed, null unknown. */
export function parseLidState(text: string | null): boolean | null {
  const word = /^state:\s*(open|closed)\s*$/m.exec(text ?? '')?.[1];
  return word === undefined ? null : word === 'closed';
}
