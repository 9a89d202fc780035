// The tray's pictures, in points of a 22 by 22 canvas: one shape for each state, because colour is lost there.
import { both, coverage, cut, disc, join, line, path, polygon, ring, wedge, box } from './shapes.mjs';

export const TRAY_POINTS = 22;

const C = 11; // the middle
const LEFT = 5;
const RIGHT = 17;
/** Radius of one of a pair; edges on whole points stay crisp at 22 pixels. */
const R = 4;

/** The ring of one Mac alone. */
const hoop = ring(C, C, 9, 7);
/** One of a pair. */
const mac = (cx) => disc(cx, C, R);
const emptyMac = (cx) => ring(cx, C, R, R - 2);
const link = box(LEFT, C - 1, RIGHT, C + 1);
/** A stroke across another shape, with a gap on both sides so that it stays readable. */
const strike = (shape, from, to) => join(cut(shape, line(from, to, 5)), line(from, to, 2));
const chevron = (...points) => path(points, 2);

const dotted = Array.from({ length: 8 }, (_, i) => {
  const angle = (i * Math.PI) / 4;
  return disc(C + 8 * Math.cos(angle), C + 8 * Math.sin(angle), 1.5);
});

/** A triangle with round corners. */
const sign = join(
  polygon([C, 3], [20, 19], [2, 19]),
  path(
    [
      [C, 3],
      [20, 19],
      [2, 19],
      [C, 3],
    ],
    2,
  ),
);
const bang = join(box(10, 7, 12, 13), box(10, 15, 12, 17));

/** An arrow from the right Mac to the left one. */
const leaving = join(disc(18, C, 3), box(3, C - 1, 18, C + 1), chevron([8.5, 4.5], [2, C], [8.5, 17.5]));
/** The same the other way round. */
const mirrored = (shape) => (x, y) => shape(TRAY_POINTS - x, y);

/** Every state by its name. Two Macs first, then one alone. */
const states = {
  well: join(mac(LEFT), mac(RIGHT), link),
  edgeStopped: join(mac(LEFT), emptyMac(RIGHT), cut(link, mac(RIGHT))),
  moving: leaving,
  returning: mirrored(leaving),
  safe: join(
    mac(LEFT),
    path(
      [
        [12, 11.5],
        [15, 14.5],
        [20, 7.5],
      ],
      2.2,
    ),
  ),
  partition: join(mac(LEFT), mac(RIGHT), line([12.5, 3.5], [9.5, 18.5], 2)),
  starting: both(hoop, wedge(C, C, 60, 270)),
  running: join(hoop, disc(C, C, 4)),
  stopped: hoop,
  warn: cut(sign, bang),
  drain: join(both(hoop, wedge(C, C, 170, 370)), box(10, 6, 12, 20), chevron([6, 15], [C, 20], [16, 15])),
  unknown: join(...dotted),
  engineLost: strike(hoop, [4.5, 17.5], [17.5, 4.5]),
};

/** The notch dot: something waits for a person. */
const waiting = (shape) => join(cut(shape, disc(19, 3, 4.4)), disc(19, 3, 3));

/** All tray pictures: name (with `-dot` when something waits) to shape. */
export const trayShapes = Object.fromEntries(
  Object.entries(states).flatMap(([name, shape]) => [
    [name, shape],
    [`${name}-dot`, waiting(shape)],
  ]),
);

/** One tray picture, black or white on nothing. */
export function drawTray(shape, size, white) {
  const alpha = coverage(shape, TRAY_POINTS, size);
  const rgba = Buffer.alloc(alpha.length * 4, white ? 255 : 0);
  alpha.forEach((value, pixel) => (rgba[pixel * 4 + 3] = value));
  // Nothing at all where nothing is drawn, so that the files stay small.
  alpha.forEach((value, pixel) => value === 0 && rgba.fill(0, pixel * 4, pixel * 4 + 4));
  return { size, rgba };
}
