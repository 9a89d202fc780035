/** So long the same refusal is one: an edge without a workload asks every half minute. */
const ONE_MS = 10 * 60_000;

/**
 * Whether history has that already: a refusal in the words of the last one, within ten minutes of it. Every other note is a
 * decision, and each of them counts.
 */
export function repeatedNotes(nowMs: () => number): (kind: string, what: string) => boolean {
  let last: { readonly what: string; readonly atMs: number } | null = null;
  return (kind, what) => {
    if (kind !== 'handoff.refused') {
      last = null;
      return false;
    }
    if (last?.what === what && nowMs() - last.atMs < ONE_MS) return true;
    last = { what, atMs: nowMs() };
    return false;
  };
}
