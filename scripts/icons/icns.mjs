// Apple's container for an app's icon: the same picture in several sizes, each a PNG.

const HEADER = 8;

/** The types that hold PNGs, by their size in pixels; the last four are the doubles (@2x) of 16, 32, 128 and 256 points. */
const TYPES = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 };

/** @param {(size: number) => Buffer} pngOf a PNG of the picture in that size */
export function encodeIcns(pngOf) {
  const parts = Object.entries(TYPES).map(([type, size]) => part(type, pngOf(size)));
  return part('icns', Buffer.concat(parts));
}

/** The PNGs inside. */
export function pngsOf(icns) {
  const pngs = [];
  for (let at = HEADER; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    pngs.push(icns.subarray(at + HEADER, at + icns.readUInt32BE(at + 4)));
  }
  return pngs;
}

function part(type, data) {
  const header = Buffer.alloc(HEADER);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(HEADER + data.length, 4);
  return Buffer.concat([header, data]);
}
