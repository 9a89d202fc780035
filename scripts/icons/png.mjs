// A PNG of RGBA pixels, and back again as far as our own files need it.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES_PER_PIXEL = 4;

/** @param {{ size: number, rgba: Buffer }} picture a square one */
export function encodePng({ size, rgba }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6], 8); // 8 bits a channel, RGBA
  const data = deflateSync(filterRows(size, rgba), { level: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * The filtered rows inside a PNG of ours. Two files with the same rows show the same picture,
 * while their bytes differ where zlib differs (it does between processors).
 */
export function rowsOf(png) {
  const data = png.indexOf('IDAT', 0, 'latin1');
  const length = png.readUInt32BE(data - 4);
  return inflateSync(png.subarray(data + 4, data + 4 + length));
}

/** Each row as its difference to the one above: even areas and gradients become zeros. */
function filterRows(size, rgba) {
  const stride = size * BYTES_PER_PIXEL;
  const rows = Buffer.alloc(size * (stride + 1));
  for (let y = 0; y < size; y += 1) {
    const out = y * (stride + 1);
    rows[out] = 2; // filter "up"
    for (let i = 0; i < stride; i += 1) {
      const above = y === 0 ? 0 : rgba[(y - 1) * stride + i];
      rows[out + 1 + i] = rgba[y * stride + i] - above;
    }
  }
  return rows;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
