import type { Rect } from './popover-position.ts';

/**
 * Is the icon shown at all? On macOS 26 a person can switch it off for this app: `new Tray()` still succeeds, and its
 * bounds are then at the bottom edge of the screen. Under the notch it has ordinary bounds: nobody can tell.
 */
export function iconIsHidden(tray: Rect, displays: readonly Rect[]): boolean {
  if (tray.width === 0 || tray.height === 0) return true;
  return !displays.some(
    (display) =>
      tray.x >= display.x &&
      tray.x < display.x + display.width &&
      tray.y >= display.y &&
      tray.y + tray.height <= display.y + display.height,
  );
}
