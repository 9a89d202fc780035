// Shapes as questions: is the point inside? Put together like paper cut-outs, and drawn by asking often.

/** @typedef {(x: number, y: number) => boolean} Shape */

export const disc = (cx, cy, r) => (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r;
export const ring = (cx, cy, outer, inner) => cut(disc(cx, cy, outer), disc(cx, cy, inner));
export const box = (left, top, right, bottom) => (x, y) => x >= left && x <= right && y >= top && y <= bottom;

/** A stroke with round ends. */
export function line([ax, ay], [bx, by], width) {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2));
    return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2 <= (width / 2) ** 2;
  };
}

/** Strokes from point to point. */
export const path = (points, width) => join(...points.slice(1).map((to, i) => line(points[i], to, width)));

/** A filled polygon, its corners given clockwise. */
export const polygon = (...corners) => {
  const edges = corners.map((from, i) => [from, corners[(i + 1) % corners.length]]);
  return (x, y) => edges.every(([[ax, ay], [bx, by]]) => (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0);
};

/** What lies between two directions as seen from a point; degrees, clockwise from the right. */
export const wedge = (cx, cy, from, to) => (x, y) => {
  const angle = (Math.atan2(y - cy, x - cx) * 180) / Math.PI;
  return (((angle - from) % 360) + 360) % 360 <= to - from;
};

export const rounded = (left, top, right, bottom, radius) =>
  join(
    box(left + radius, top, right - radius, bottom),
    box(left, top + radius, right, bottom - radius),
    ...[left + radius, right - radius].flatMap((x) =>
      [top + radius, bottom - radius].map((y) => disc(x, y, radius)),
    ),
  );

export const join =
  (...shapes) =>
  (x, y) =>
    shapes.some((shape) => shape(x, y));
export const cut = (shape, away) => (x, y) => shape(x, y) && !away(x, y);
export const both = (one, other) => (x, y) => one(x, y) && other(x, y);

/**
 * How much of each pixel a shape covers, 0..255.
 * @param {Shape} shape in units
 * @param {number} units side of the canvas
 * @param {number} size side in pixels
 * @param {number} [samples] questions along each side of a pixel
 */
export function coverage(shape, units, size, samples = 8) {
  const scale = units / size;
  const out = new Uint8Array(size * size);
  for (let pixel = 0; pixel < out.length; pixel += 1) {
    const [left, top] = [pixel % size, Math.floor(pixel / size)];
    let inside = 0;
    for (let sample = 0; sample < samples * samples; sample += 1) {
      const x = left + ((sample % samples) + 0.5) / samples;
      const y = top + (Math.floor(sample / samples) + 0.5) / samples;
      if (shape(x * scale, y * scale)) inside += 1;
    }
    out[pixel] = Math.round((255 * inside) / (samples * samples));
  }
  return out;
}
