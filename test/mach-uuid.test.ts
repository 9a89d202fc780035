import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

interface MachUuid {
  uuidOf(appId: string): Buffer;
  uuidsOf(program: Buffer): string[];
  withUuid(program: Buffer, uuid: Buffer): Buffer;
}
const { uuidOf, uuidsOf, withUuid } = createRequire(import.meta.url)('../scripts/mach-uuid.cjs') as MachUuid;

const SEGMENT = 0x19;
const UUID = 0x1b;
const code = Buffer.from('and here the code begins');
const old = Buffer.alloc(16, 0xaa);
const own = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

function loadCommand(kind: number, body: Buffer, size = body.length + 8): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(kind, 0);
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body]);
}

function thin(commands: readonly Buffer[], magic = 0xfeedfacf): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(magic, 0);
  header.writeUInt32LE(0x01_00_00_0c, 4);
  header.writeUInt32LE(2, 12);
  header.writeUInt32LE(commands.length, 16);
  header.writeUInt32LE(Buffer.concat(commands).length, 20);
  return Buffer.concat([header, ...commands, code]);
}

/** As `lipo` writes it, each slice at a multiple of 256. */
function fat(slices: readonly Buffer[], wide: boolean): Buffer {
  const entryBytes = wide ? 32 : 20;
  const file = Buffer.alloc(256 * (slices.length + 1) + 256);
  file.writeUInt32BE(wide ? 0xcafebabf : 0xcafebabe, 0);
  file.writeUInt32BE(slices.length, 4);
  for (const [index, slice] of slices.entries()) {
    const entry = 8 + index * entryBytes;
    const at = 256 * (index + 1);
    if (wide) {
      file.writeBigUInt64BE(BigInt(at), entry + 8);
      file.writeBigUInt64BE(BigInt(slice.length), entry + 16);
    } else {
      file.writeUInt32BE(at, entry + 8);
      file.writeUInt32BE(slice.length, entry + 12);
    }
    slice.copy(file, at);
  }
  return file;
}

const segment = loadCommand(SEGMENT, Buffer.alloc(64, 0x1b));
const uuid = loadCommand(UUID, old);
const program = thin([segment, uuid, segment]);

test('a thin program gets the UUID in its place, and not a byte more changes', () => {
  const before = Buffer.from(program);
  const after = withUuid(program, own);
  expect(uuidsOf(after)).toEqual([own.toString('hex')]);
  const at = 32 + segment.length + 8;
  expect(after.subarray(0, at)).toEqual(before.subarray(0, at));
  expect(after.subarray(at + 16)).toEqual(before.subarray(at + 16));
  expect(program).toEqual(before);
});

test.each([false, true])('every slice of a fat file gets it (64-bit offsets: %s)', (wide) => {
  const file = fat([thin([uuid]), program], wide);
  expect(uuidsOf(file)).toEqual([old.toString('hex'), old.toString('hex')]);
  const after = withUuid(file, own);
  expect(after.length).toBe(file.length);
  expect(uuidsOf(after)).toEqual([own.toString('hex'), own.toString('hex')]);
  expect(after.subarray(512, 512 + 32)).toEqual(file.subarray(512, 512 + 32));
});

test('the UUID is the app’s: the same each time, another one for another app, of version 5', () => {
  expect(uuidOf('dev.tandem.app')).toEqual(uuidOf('dev.tandem.app'));
  expect(uuidOf('dev.tandem.app')).not.toEqual(uuidOf('dev.tandem.apq'));
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    expect(uuidOf(id).toString('hex')).toMatch(/^.{12}5.{3}[89ab].{15}$/);
});

test.each([
  ['a program without LC_UUID', thin([segment]), /0 LC_UUID/],
  ['a program with two', thin([uuid, uuid]), /2 LC_UUID/],
  ['a 32-bit program', thin([uuid], 0xfeedface), /not a 64-bit/],
  ['a text', Buffer.from('#!/bin/sh\nexec something else than Mach-O\n'), /not a 64-bit/],
  ['nothing', Buffer.alloc(0), /too short/],
  ['a header alone', program.subarray(0, 31), /truncated: the header/],
  ['cut load commands', program.subarray(0, 80), /truncated: the load commands/],
  ['a load command of no size', thin([loadCommand(SEGMENT, Buffer.alloc(8), 0), uuid]), /damaged/],
  ['a load command longer than all', thin([loadCommand(SEGMENT, Buffer.alloc(8), 9999), uuid]), /damaged/],
  ['a UUID of another size', thin([loadCommand(UUID, Buffer.alloc(8))]), /LC_UUID of 16 bytes/],
  ['a fat file cut in its list', fat([program, program], false).subarray(0, 40), /list of slices/],
  ['a fat file cut in a slice', fat([program], false).subarray(0, 300), /truncated: slice 0/],
  ['a fat file of no slices', fat([], false), /0 slices/],
  ['a Java class', Buffer.from('cafebabe00000034000a', 'hex'), /52 slices/],
  ['a fat file of which one slice has none', fat([program, thin([segment])], false), /0 LC_UUID/],
])('%s is refused loudly', (_what, file, words) => {
  expect(() => withUuid(file, own)).toThrow(words);
});

test('a program cut at any byte of its head is refused', () => {
  const headBytes = program.length - code.length;
  for (let length = 0; length < headBytes; length += 1)
    expect(() => withUuid(program.subarray(0, length), own)).toThrow(/truncated|too short/);
});

test('a UUID that is none is refused', () => {
  expect(() => withUuid(program, own.subarray(1))).toThrow(/16 bytes, not 15/);
});
