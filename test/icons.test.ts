import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = new URL('../resources/icons/', import.meta.url);
const script = fileURLToPath(new URL('../scripts/icons.mjs', import.meta.url));
const POINTS = 22;
const names = (await readdir(folder)).filter((name) => name.endsWith('Template.png'));

interface Pixels {
  readonly size: number;
  readonly colours: Set<number>;
  /** 0..255, row by row. */
  readonly alpha: readonly number[];
}

/** Pixels of a square RGBA picture whose rows use the filter "up", as ours do. */
async function pixelsOf(name: string): Promise<Pixels> {
  const png = await readFile(new URL(name, folder));
  const size = png.readUInt32BE(16);
  const data = png.indexOf('IDAT', 0, 'latin1');
  const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  const stride = size * 4;
  const rgba = Buffer.alloc(size * stride);
  for (let y = 0; y < size; y += 1) {
    expect(rows[y * (stride + 1)]).toBe(2);
    for (let i = 0; i < stride; i += 1) {
      const above = y === 0 ? 0 : rgba.readUInt8((y - 1) * stride + i);
      rgba.writeUInt8((rows.readUInt8(y * (stride + 1) + 1 + i) + above) & 255, y * stride + i);
    }
  }
  const pixels = Array.from({ length: size * size }, (_, pixel) => rgba.readUInt32BE(pixel * 4));
  const drawn = pixels.filter((pixel) => (pixel & 255) !== 0);
  return {
    size,
    colours: new Set(drawn.map((pixel) => pixel >>> 8)),
    alpha: pixels.map((pixel) => pixel & 255),
  };
}

test('the committed pictures are what the script draws', { timeout: 60_000 }, async () => {
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({
    stdout: '',
  });
});

test('every state has a template and a light picture, in two sizes, with and without the dot', async () => {
  const states = names
    .map((name) => name.replace('Template.png', ''))
    .filter((name) => !name.endsWith('-dot'));
  expect(states.length).toBeGreaterThanOrEqual(12);
  for (const state of states.flatMap((name) => [name, `${name}-dot`])) {
    for (const [kind, colour] of [
      ['Template', 0x000000],
      ['-light', 0xffffff],
    ] as const) {
      const once = await pixelsOf(`${state}${kind}.png`);
      const twice = await pixelsOf(`${state}${kind}@2x.png`);
      expect([once.size, twice.size], state).toEqual([POINTS, 2 * POINTS]);
      expect([...once.colours, ...twice.colours], state).toEqual([colour, colour]);
    }
  }
});

test('no two states look alike: colour is lost in a menu bar', async () => {
  const pictures = await Promise.all(names.map(async (name) => ({ name, ...(await pixelsOf(name)) })));
  for (const [index, one] of pictures.entries()) {
    for (const other of pictures.slice(index + 1)) {
      const different = one.alpha.filter((value, pixel) => Math.abs(value - (other.alpha[pixel] ?? 0)) > 127);
      // A disc of five points across has 21.
      expect(different.length, `${one.name} and ${other.name}`).toBeGreaterThanOrEqual(10);
    }
  }
});
