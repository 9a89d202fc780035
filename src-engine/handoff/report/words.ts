/** A duration as a report writes it: `850 ms`, `12.3 s`, `4 min 05 s`. */
export function milliseconds(value: number): string {
  if (value < 1000) return `${Math.round(value)} ms`;
  // Of 59.96 s the tenth would say 60.0 s.
  if (value < 59_950) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Text from outside in a cell of a table: one line, nothing that Markdown or HTML would take for its own. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', String.raw`\|`)
    .replaceAll('`', "'")
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[[\]]/g, (bracket) => `\\${bracket}`);
}
