// LC_UUID of a Mach-O program: macOS tells programs apart by it when it remembers who may use the local network.
const { createHash } = require('node:crypto');

/** <mach-o/loader.h> and <mach-o/fat.h>. A 64-bit program of today is little-endian; the head of a fat file is big-endian. */
const MAGIC_64 = 0xfeedfacf;
const FAT_MAGIC = 0xcafebabe;
const FAT_MAGIC_64 = 0xcafebabf;
const LC_UUID = 0x1b;
const HEADER_BYTES = 32;
const COMMAND_HEAD_BYTES = 8;
const UUID_COMMAND_BYTES = 24;
const UUID_BYTES = 16;
const FAT_HEADER_BYTES = 8;
const FAT_ENTRY_BYTES = 20;
const FAT_ENTRY_64_BYTES = 32;
/** A Java class file begins with the bytes of a fat one; what follows there, its version, is 45 or more. */
const MOST_SLICES = 16;

/** The UUID of an app: the first 16 bytes of SHA-256 of its id, with the version (5: by name) and variant of RFC 9562. */
function uuidOf(appId) {
  const uuid = createHash('sha256').update(appId).digest().subarray(0, UUID_BYTES);
  uuid[6] = (uuid[6] & 0x0f) | 0x50;
  uuid[8] = (uuid[8] & 0x3f) | 0x80;
  return uuid;
}

/** A copy of a program, thin or fat, whose slices carry `uuid`. Throws for anything in which it cannot be put. */
function withUuid(program, uuid) {
  if (uuid.length !== UUID_BYTES) throw new Error(`a UUID has 16 bytes, not ${uuid.length}`);
  const copy = Buffer.from(program);
  for (const slice of slicesOf(copy)) uuid.copy(slice, placeOfUuid(slice));
  return copy;
}

/** The UUIDs of a program's slices, in hex. */
function uuidsOf(program) {
  return slicesOf(program).map((slice) => {
    const at = placeOfUuid(slice);
    return slice.toString('hex', at, at + UUID_BYTES);
  });
}

/** The programs in a file: itself, or one for each processor. Views, not copies. */
function slicesOf(file) {
  if (file.length < FAT_HEADER_BYTES) throw new Error('not a Mach-O file: too short');
  const magic = file.readUInt32BE(0);
  if (magic !== FAT_MAGIC && magic !== FAT_MAGIC_64) return [file];
  const entryBytes = magic === FAT_MAGIC ? FAT_ENTRY_BYTES : FAT_ENTRY_64_BYTES;
  const count = file.readUInt32BE(4);
  if (count === 0 || count > MOST_SLICES) throw new Error(`not a fat Mach-O file: ${count} slices`);
  if (FAT_HEADER_BYTES + count * entryBytes > file.length) throw new Error('truncated: the list of slices');
  return Array.from({ length: count }, (_nothing, index) => {
    const at = FAT_HEADER_BYTES + index * entryBytes;
    const wide = magic === FAT_MAGIC_64;
    const offset = wide ? Number(file.readBigUInt64BE(at + 8)) : file.readUInt32BE(at + 8);
    const size = wide ? Number(file.readBigUInt64BE(at + 16)) : file.readUInt32BE(at + 12);
    if (offset + size > file.length) throw new Error(`truncated: slice ${index}`);
    return file.subarray(offset, offset + size);
  });
}

/** Where in a program its one UUID begins. */
function placeOfUuid(slice) {
  if (slice.length < HEADER_BYTES) throw new Error('truncated: the header');
  if (slice.readUInt32LE(0) !== MAGIC_64) throw new Error('not a 64-bit Mach-O program');
  const count = slice.readUInt32LE(16);
  const end = HEADER_BYTES + slice.readUInt32LE(20);
  if (end > slice.length) throw new Error('truncated: the load commands');
  const places = [];
  let at = HEADER_BYTES;
  for (let index = 0; index < count; index += 1) {
    if (at + COMMAND_HEAD_BYTES > end) throw new Error(`truncated: load command ${index}`);
    const size = slice.readUInt32LE(at + 4);
    // A size of 0 would never end; one over the end points into the code.
    if (size < COMMAND_HEAD_BYTES || at + size > end) throw new Error(`damaged: load command ${index}`);
    if (slice.readUInt32LE(at) === LC_UUID) {
      if (size !== UUID_COMMAND_BYTES) throw new Error(`damaged: an LC_UUID of ${size} bytes`);
      places.push(at + COMMAND_HEAD_BYTES);
    }
    at += size;
  }
  if (places.length !== 1) throw new Error(`${places.length} LC_UUID commands instead of one`);
  return places[0];
}

module.exports = { uuidOf, uuidsOf, withUuid };
