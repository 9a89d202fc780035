/** A rectangle of the screen, in device-independent pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const GAP = 5;
const MARGIN = 8;

/**
 * What the popover hangs from: the tray icon as it is now (never a click's own bounds: VoiceOver makes one at 0,0),
 * else the pointer when it is at a panel, else nothing.
 */
export function anchorOf(
  tray: Rect | null,
  pointer: Point,
  display: { bounds: Rect; workArea: Rect },
): Rect | null {
  if (tray !== null && tray.width > 0 && isInside(tray, display.bounds)) return tray;
  const atPanel =
    isInside({ ...pointer, width: 0, height: 0 }, display.bounds) && !isInsideY(pointer.y, display.workArea);
  return atPanel ? { ...pointer, width: 0, height: 0 } : null;
}

function isInside(inner: Rect, outer: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function isInsideY(y: number, area: Rect): boolean {
  return y >= area.y && y < area.y + area.height;
}

/** Where a window of this size goes: under (or above) its anchor, else top right; always whole inside the work area. */
export function popoverBounds(
  anchor: Rect | null,
  workArea: Rect,
  size: { width: number; height: number },
): Rect {
  const height = Math.min(size.height, workArea.height - 2 * MARGIN);
  const right = workArea.x + workArea.width - size.width - MARGIN;
  if (anchor === null) return rounded({ x: right, y: workArea.y + MARGIN, width: size.width, height });
  const middle = workArea.y + workArea.height / 2;
  const under = anchor.y + anchor.height + GAP;
  const above = anchor.y - height - GAP;
  const x = anchor.x + anchor.width / 2 - size.width / 2;
  const y = anchor.y < middle ? under : above;
  return rounded({
    x: clamp(x, workArea.x + MARGIN, right),
    y: clamp(y, workArea.y + GAP, workArea.y + workArea.height - height - MARGIN),
    width: size.width,
    height,
  });
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}

/** Electron refuses fractions. */
function rounded({ x, y, width, height }: Rect): Rect {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
