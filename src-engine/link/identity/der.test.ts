import { expect, test } from 'vitest';
import { bits, element, integer, octets, oid, time } from './der.ts';

const hex = (buffer: Buffer) => buffer.toString('hex');

test('numbers are as short as they may be, and never look negative', () => {
  expect(hex(integer(Buffer.from([0])))).toBe('020100');
  expect(hex(integer(Buffer.from([0, 0, 5])))).toBe('020105');
  expect(hex(integer(Buffer.from([0x7f])))).toBe('02017f');
  expect(hex(integer(Buffer.from([0x80])))).toBe('02020080');
  expect(hex(integer(Buffer.alloc(0)))).toBe('020100');
});

test('lengths take one byte up to 127, more beyond', () => {
  expect(hex(octets(Buffer.alloc(127))).slice(0, 4)).toBe('047f');
  expect(hex(octets(Buffer.alloc(128))).slice(0, 6)).toBe('048180');
  expect(hex(octets(Buffer.alloc(256))).slice(0, 8)).toBe('04820100');
});

test('identifiers as the standards print them', () => {
  // ecdsa-with-SHA256 and commonName, from RFC 5758 and RFC 5280.
  expect(hex(oid('1.2.840.10045.4.3.2'))).toBe('06082a8648ce3d040302');
  expect(hex(oid('2.5.4.3'))).toBe('0603550403');
});

test('years from 2050 on are written in full', () => {
  expect(time('20491231235959')).toEqual(element(0x17, Buffer.from('491231235959Z')));
  expect(time('20500101000000')).toEqual(element(0x18, Buffer.from('20500101000000Z')));
});

test('bits say how many of them are unused', () => {
  expect(hex(bits(Buffer.from([0x80]), 7))).toBe('03020780');
});
