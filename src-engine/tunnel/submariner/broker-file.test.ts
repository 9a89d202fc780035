import { expect, test } from 'vitest';
import { brokerFile } from '../../../test/doubles/broker-file.ts';
import { brokerPlace, readBrokerFile } from './broker-file.ts';

test('both spellings of the keys are one file', () => {
  const [large, small] = [readBrokerFile(brokerFile()), readBrokerFile(brokerFile({ spelling: 'small' }))];
  expect(large).toMatchObject({ ok: true, value: { url: 'https://192.168.1.10:6443' } });
  expect(small).toEqual(large);
});

test('a file of another broker, or of the same one made anew, has another print; the token alone changes nothing', () => {
  const printOf = (text: string): unknown => {
    const read = readBrokerFile(text);
    return read.ok ? read.value.print : read.error;
  };
  const own = printOf(brokerFile());
  expect(printOf(brokerFile({ token: 'another one' }))).toBe(own);
  expect(printOf(brokerFile({ authority: 'another' }))).not.toBe(own);
  expect(printOf(brokerFile({ url: 'https://192.168.1.11:6443' }))).not.toBe(own);
});

const whole = brokerFile();
test.each([
  ['cut off', whole.slice(0, -200)],
  ['cut off at a bad place', whole.slice(0, 101)],
  ['empty', ''],
  ['a web page', '<html>'],
  ['too long', 'A'.repeat(60_000)],
  ['an array', Buffer.from('[]').toString('base64url')],
  ['without a token', brokerFile({ token: '' })],
  ['without a key', brokerFile({ psk: '' })],
  ['with an address of no API', brokerFile({ url: 'ftp://192.168.1.10' })],
])('one that is %s is refused, and tells nothing of what stands in it', (_what, text) => {
  const read = readBrokerFile(text);
  expect(read).toMatchObject({ ok: false, error: { code: 'brokerFileBroken' } });
  expect(JSON.stringify(read)).not.toMatch(/[A-Za-z0-9+/=_-]{40}/);
});

test('the place of a broker: its port is 443 unless told', () => {
  expect(brokerPlace('https://192.168.1.10:6443')).toEqual({ host: '192.168.1.10', port: 6443 });
  expect(brokerPlace('https://core.local')).toEqual({ host: 'core.local', port: 443 });
  expect(brokerPlace('https://[fe80::1]:6443')).toEqual({ host: 'fe80::1', port: 6443 });
});
