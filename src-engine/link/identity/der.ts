/** A writer for the few DER shapes that a certificate needs (ITU-T X.690). */

/** One element: tag, length, contents. */
export function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body), body]);
}

export const sequence = (...contents: readonly Buffer[]): Buffer => element(0x30, ...contents);
export const set = (...contents: readonly Buffer[]): Buffer => element(0x31, ...contents);
export const octets = (content: Buffer): Buffer => element(0x04, content);
export const text = (value: string): Buffer => element(0x0c, Buffer.from(value, 'utf8'));
export const yes = element(0x01, Buffer.from([0xff]));
/** `[number]`, explicit. */
export const tagged = (number: number, content: Buffer): Buffer => element(0xa0 + number, content);
/** Whole bits, or with `unused` bits at the end. */
export const bits = (content: Buffer, unused = 0): Buffer => element(0x03, Buffer.from([unused]), content);

/** A number of 0 or more, big-endian. */
export function integer(magnitude: Buffer): Buffer {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const least = start < 0 ? Buffer.from([0]) : magnitude.subarray(start);
  // A first bit of 1 would say that the number is negative.
  return element(0x02, (least[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), least]) : least);
}

/** Object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Years before 2050 have two digits, later ones four (RFC 5280, 4.1.2.5). `stamp` is `YYYYMMDDhhmmss`. */
export function time(stamp: string): Buffer {
  const short = Number(stamp.slice(0, 4)) < 2050;
  return element(short ? 0x17 : 0x18, Buffer.from(`${short ? stamp.slice(2) : stamp}Z`, 'ascii'));
}

function lengthOf(body: Buffer): Buffer {
  if (body.length < 0x80) return Buffer.from([body.length]);
  const bytes: number[] = [];
  for (let left = body.length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Buffer.from([0x80 + bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    bytes.unshift(0x80 + (left % 128));
  return bytes;
}
