/**
 * Round trip from an echo: what went by since that datagram left, less what the other side held it for.
 * Smoothed as TCP does (RFC 6298, alpha 1/8).
 *
 * @returns milliseconds, at least 0
 */
export function smoothedRtt(
  previousMs: number | null,
  { sentAtMs, heardAtMs, heldMs }: { sentAtMs: number; heardAtMs: number; heldMs: number },
): number {
  const sampleMs = Math.max(0, heardAtMs - sentAtMs - heldMs);
  return previousMs === null ? sampleMs : previousMs + (sampleMs - previousMs) / 8;
}
