import { expect, test } from 'vitest';
import { addressOf, reaches, textOf } from './addresses.ts';

test.each([
  ['127.0.0.1:47380', '127.0.0.1', 47_380],
  ['mac-mini.local:80', 'mac-mini.local', 80],
  ['[fe80::1]:443', 'fe80::1', 443],
  ['  localhost:65535 ', 'localhost', 65_535],
])('%s is an address, and one word again', (text, host, port) => {
  const address = addressOf(text);
  expect(address).toEqual({ ok: true, value: { host, port } });
  expect(textOf({ host, port })).toBe(text.trim());
});

test.each([
  '',
  ':80',
  'localhost',
  'localhost:',
  'localhost:0',
  'localhost:65536',
  'localhost:8o',
  'http://localhost:80',
  'localhost:80/path',
  'a host:80',
  'host\nserver evil:80',
  'host;x:80',
  '-host:80',
  'fe80::1:80',
  '[fe80::zz]:80',
  '[localhost]:80',
])('%j is none, and is named', (text) => {
  expect(addressOf(text)).toEqual({
    ok: false,
    error: { code: 'backendInvalid', params: { address: text } },
  });
});

test('a backend that is the front itself is found by any of its names', () => {
  const listen = { host: '127.0.0.1', port: 47_380 };
  expect(reaches({ host: 'localhost', port: 47_380 }, listen)).toBe(true);
  expect(reaches({ host: '127.0.0.1', port: 47_380 }, { host: '0.0.0.0', port: 47_380 })).toBe(true);
  expect(reaches({ host: '192.0.2.7', port: 47_380 }, { host: '192.0.2.7', port: 47_380 })).toBe(true);
  expect(reaches({ host: '127.0.0.1', port: 47_381 }, listen)).toBe(false);
  expect(reaches({ host: '192.0.2.7', port: 47_380 }, listen)).toBe(false);
});
