import { describe, expect, test } from 'vitest';
import { CAP_AFTER_WELCOME_BYTES, CAP_BEFORE_WELCOME_BYTES, encodeFrame, FrameReader } from './framing.ts';

function reader(capBytes?: number) {
  const frames: unknown[] = [];
  const broken: string[] = [];
  const made = new FrameReader(
    (frame) => frames.push(frame),
    (why) => broken.push(why),
    capBytes,
  );
  return { frames, broken, made };
}

const bytes = (...frames: unknown[]): Buffer =>
  Buffer.concat(frames.map((frame) => encodeFrame(frame) ?? Buffer.alloc(0)));

const headOf = (lengthBytes: number): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(lengthBytes);
  return head;
};

describe('frames', () => {
  const said = [{ a: 1 }, 'Grüße, 안녕', [], null, { long: 'x'.repeat(3000) }];

  test.each([1, 2, 3, 5, 7, 64, 1500, 100_000])('arrive whole when chunks are of %i bytes', (size) => {
    const { frames, broken, made } = reader();
    const stream = bytes(...said);
    for (let at = 0; at < stream.length; at += size) made.push(stream.subarray(at, at + size));
    expect([frames, broken]).toEqual([said, []]);
  });

  test('may be as long as the cap and not a byte longer', () => {
    const longest = bytes('x'.repeat(CAP_BEFORE_WELCOME_BYTES - 2));
    const taken = reader();
    taken.made.push(longest);
    expect([taken.frames.length, taken.broken]).toEqual([1, []]);
    const refused = reader();
    refused.made.push(bytes('x'.repeat(CAP_BEFORE_WELCOME_BYTES - 1)));
    expect([refused.frames, refused.broken]).toEqual([[], ['tooLong']]);
  });

  test('are longer after WELCOME', () => {
    const { frames, broken, made } = reader();
    made.setCap(CAP_AFTER_WELCOME_BYTES);
    made.push(bytes('x'.repeat(CAP_AFTER_WELCOME_BYTES - 2)));
    expect([frames.length, broken]).toEqual([1, []]);
    expect(encodeFrame('x'.repeat(CAP_AFTER_WELCOME_BYTES - 1))).toBeNull();
  });

  test.each([
    ['a length of zero', headOf(0), 'empty'],
    ['a length of 4 GiB', headOf(0xffff_ffff), 'tooLong'],
    ['what is not JSON', Buffer.concat([headOf(5), Buffer.from('hello')]), 'notJson'],
    ['half a JSON text', Buffer.concat([headOf(5), Buffer.from('{"a":')]), 'notJson'],
  ])('%s breaks the stream once, and what follows is not read', (_what, junk, why) => {
    const { frames, broken, made } = reader();
    made.push(Buffer.concat([bytes('before'), junk, bytes('after')]));
    made.push(bytes('later'));
    expect([frames, broken]).toEqual([['before'], [why]]);
  });

  test('a claimed length takes no memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 1000 }, () => {
      const { made } = reader(CAP_AFTER_WELCOME_BYTES);
      made.push(Buffer.concat([headOf(CAP_AFTER_WELCOME_BYTES), Buffer.from('{')]));
      return made;
    });
    // 62 MiB were claimed.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
    expect(readers).toHaveLength(1000);
  });

  test('a deep nest of 64 KiB is read or refused, never a crash', () => {
    const { frames, broken, made } = reader(CAP_AFTER_WELCOME_BYTES);
    const nest = Buffer.from('['.repeat(30_000) + ']'.repeat(30_000));
    made.push(Buffer.concat([headOf(nest.length), nest]));
    expect(frames.length + broken.length).toBe(1);
  });
});
