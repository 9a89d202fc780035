/** A click that comes this soon after the blur is the click that caused it (design research, desktop-shell B). */
const LATCH_MS = 250;

/** What a click on the tray icon means, so that the icon opens and closes its popover. */
export function clickMeans(
  visible: boolean,
  hiddenByBlurAtMs: number | null,
  nowMs: number,
): 'show' | 'hide' | 'nothing' {
  if (visible) return 'hide';
  const justHidden = hiddenByBlurAtMs !== null && nowMs - hiddenByBlurAtMs < LATCH_MS;
  return justHidden ? 'nothing' : 'show';
}
