import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { deviceId, pinOfCertificate, samePin } from './pin.ts';

/** Made by `openssl req -x509`; the pin by `openssl pkey -pubin -outform der | sha256sum`. */
const BY_OPENSSL = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR2gAwIBAgIUKT9nsiBN5TL4oZYdaQq8+Pwv8N4wCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFb3RoZXIwIBcNMjYxMTI0MTczNzIxWhgPMjEyNjEwMzExNzM3
MjFaMBAxDjAMBgNVBAMMBW90aGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
Fom/+U99nxt9YVN16CSYJOeJDwgETCOa3ZJIzHpOH+nyjia4UE5jFFRc8C1mtcho
SNHJv0vHGLrs24NxbXfrn6NTMFEwHQYDVR0OBBYEFFtVFQOFbspRQpxkznDTzbfd
H4WCMB8GA1UdIwQYMBaAFFtVFQOFbspRQpxkznDTzbfdH4WCMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAJqna7/znUdkwMcov62APE7occ6SYUbM
Hxy0tw4ywJbWAiEA4/AC0qi301WYhyMH+8Xu4XqCYXI/olIeos/Kd/y3PeA=
-----END CERTIFICATE-----
`;
const PIN_BY_OPENSSL = 'bdfba367bb54f032b0a41885d8feb58217c1ba0c1eeea6a2e8f789baf2b32489';

test('a pin is what OpenSSL says that it is, from PEM and from DER', () => {
  expect(pinOfCertificate(BY_OPENSSL)).toBe(PIN_BY_OPENSSL);
  expect(pinOfCertificate(new X509Certificate(BY_OPENSSL).raw)).toBe(PIN_BY_OPENSSL);
});

test('what is no certificate has no pin', () => {
  expect(pinOfCertificate(Buffer.alloc(0))).toBeNull();
  expect(pinOfCertificate(Buffer.from('junk'))).toBeNull();
  expect(pinOfCertificate(new X509Certificate(BY_OPENSSL).raw.subarray(0, 100))).toBeNull();
});

test('pins are the same or not; what is no pin is nobody', () => {
  const other = `${PIN_BY_OPENSSL.slice(0, -1)}${PIN_BY_OPENSSL.endsWith('0') ? '1' : '0'}`;
  expect(samePin(PIN_BY_OPENSSL, PIN_BY_OPENSSL)).toBe(true);
  expect(samePin(PIN_BY_OPENSSL, other)).toBe(false);
  expect(samePin(null, null)).toBe(false);
  expect(samePin('', '')).toBe(false);
  expect(samePin('zz'.repeat(32), 'zz'.repeat(32))).toBe(false);
  expect(samePin(PIN_BY_OPENSSL, PIN_BY_OPENSSL.slice(2))).toBe(false);
});

test('people see four groups of the base32 of a pin', () => {
  expect(deviceId('00443214c74254b635cf84653a56d7c675be77df0011223344556677889900aa')).toBe(
    'ABCD-EFGH-IJKL-MNOP',
  );
});
