import { expect, test } from 'vitest';
import { formatHostPort, parseHostPort } from './host-port.ts';

test('what people type is an address', () => {
  const typed: [string, string, number][] = [
    ['192.0.2.7', '192.0.2.7', 47_321],
    [' 192.0.2.7:5000 ', '192.0.2.7', 5000],
    ['kitchen.local', 'kitchen.local', 47_321],
    ['Kitchen-Mac.local.:1', 'Kitchen-Mac.local.', 1],
    ['mac_1:65535', 'mac_1', 65_535],
    ['[fd00::7]', 'fd00::7', 47_321],
    ['[fd00::7]:5000', 'fd00::7', 5000],
    ['fd00::7', 'fd00::7', 47_321],
    ['fe80::1%en0', 'fe80::1%en0', 47_321],
  ];
  for (const [text, host, port] of typed)
    expect(parseHostPort(text), text).toEqual({ ok: true, value: { host, port } });
  expect(parseHostPort('192.0.2.7', 50_000)).toMatchObject({ value: { port: 50_000 } });
});

test('junk is no address', () => {
  const junk = [
    '',
    ' ',
    ':',
    ':5000',
    'host:',
    'host:0',
    'host:65536',
    'host:-1',
    'host:5a',
    'host:5000:1',
    'host:123456',

    '192.0.2',
    '192.0.2.256',
    '192.0.2.7.8',
    '1',
    '0x7f.1',
    '0.0.0.0',
    '224.0.0.251',
    '255.255.255.255',

    '[192.0.2.7]',
    '[fd00::7',
    'fd00::7]',
    '[fd00::7]5000',
    '[]',
    '[::]',
    '::',
    'ff02::fb',
    '0:0:0:0:0:0:0:0',

    'http://host',
    'host/path',
    'user@host',
    'a b',
    '-host',
    'host-',
    'a..b',
    '.host',
    '맥북',
    '$(id)',
    `${'a'.repeat(64)}.local`,
    `${'a.'.repeat(127)}abc`,
  ];
  for (const text of junk)
    expect(parseHostPort(text), text).toMatchObject({ ok: false, error: { code: 'addressInvalid' } });
  expect(parseHostPort('x y')).toMatchObject({ error: { params: { address: 'x y' } } });
});

test('an address that is shown can be typed', () => {
  for (const text of ['192.0.2.7:5000', '[fd00::7]:5000', 'kitchen.local:47321']) {
    const parsed = parseHostPort(text);
    expect(parsed.ok && formatHostPort(parsed.value)).toBe(text);
  }
});
