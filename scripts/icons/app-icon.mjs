// The app's own picture: two linked Macs on a rounded tile, on macOS's icon grid.
import { box, coverage, cut, disc, join, ring, rounded } from './shapes.mjs';

const UNITS = 1024;
/** Questions along each side of a pixel: few, because most sizes are large. */
const SAMPLES = 3;
const TOP = [0x2b, 0x6c, 0xee];
const BOTTOM = [0x12, 0x2c, 0x8f];

const tile = rounded(100, 100, 924, 924, 186);
const one = disc(350, 512, 130);
const other = ring(674, 512, 130, 74);
const mark = join(one, other, cut(box(350, 484, 674, 540), disc(674, 512, 130)));

const mix = (a, b, share) => Math.round(a + (b - a) * share);

/** @param {number} size side in pixels */
export function drawAppIcon(size) {
  const body = coverage(tile, UNITS, size, SAMPLES);
  const white = coverage(mark, UNITS, size, SAMPLES);
  const rgba = Buffer.alloc(size * size * 4);
  for (let pixel = 0; pixel < body.length; pixel += 1) {
    if (body[pixel] === 0) continue;
    const down = Math.floor(pixel / size) / size;
    for (let channel = 0; channel < 3; channel += 1) {
      const paper = mix(TOP[channel], BOTTOM[channel], down);
      rgba[pixel * 4 + channel] = mix(paper, 255, white[pixel] / 255);
    }
    rgba[pixel * 4 + 3] = body[pixel];
  }
  return { size, rgba };
}
