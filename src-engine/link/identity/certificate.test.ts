import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { certificateOf, keyPemOf, makeKey } from './certificate.ts';
import { pinOfCertificate, pinOfKey } from './pin.ts';

test('a certificate is a valid self-signed one of its key, whatever bytes the key and the signature have', () => {
  const serials = new Set<string>();
  for (let round = 0; round < 100; round += 1) {
    const key = makeKey();
    const certificate = new X509Certificate(certificateOf(key));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    // What BoringSSL asks of a certificate that is trusted by itself.
    expect(certificate.checkIssued(certificate)).toBe(true);
    serials.add(certificate.serialNumber);
  }
  expect(serials.size).toBe(100);
});

test('it says "tandem", is no authority and holds from 2020 to 2099', () => {
  const certificate = new X509Certificate(certificateOf(makeKey()));
  expect(certificate.subject).toBe('CN=tandem');
  expect(certificate.issuer).toBe('CN=tandem');
  expect(certificate.ca).toBe(false);
  expect(new Date(certificate.validFrom).toISOString()).toBe('2020-01-01T00:00:00.000Z');
  expect(new Date(certificate.validTo).toISOString()).toBe('2099-12-31T23:59:59.000Z');
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

test('made again from the same key it has the same pin and serial', () => {
  const key = makeKey();
  const [one, other] = [certificateOf(key), certificateOf(createPrivateKey(keyPemOf(key)))];
  expect(pinOfCertificate(one)).toBe(pinOfKey(key));
  expect(pinOfCertificate(other)).toBe(pinOfKey(key));
  expect(new X509Certificate(one).serialNumber).toBe(new X509Certificate(other).serialNumber);
});

test('TLS 1.3 with both certificates: each side is held to the other one, and sees its pin', async () => {
  const [keyOne, keyTwo] = [makeKey(), makeKey()];
  const [one, two] = [certificateOf(keyOne), certificateOf(keyTwo)];
  const strict = { minVersion: 'TLSv1.3', rejectUnauthorized: true } as const;
  const server = createServer({ ...strict, key: keyPemOf(keyOne), cert: one, ca: [two], requestCert: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dial = { ...strict, host: '127.0.0.1', port, ca: [one], checkServerIdentity: () => undefined };
  const arrived = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const client = connect({ ...dial, key: keyPemOf(keyTwo), cert: two });
  const [incoming] = await arrived;
  expect(client.getProtocol()).toBe('TLSv1.3');
  expect(pinOfCertificate(client.getPeerCertificate().raw)).toBe(pinOfKey(keyOne));
  expect(pinOfCertificate(incoming.getPeerCertificate().raw)).toBe(pinOfKey(keyTwo));
  const label = 'EXPORTER-tandem-sas';
  expect(client.exportKeyingMaterial(32, label, Buffer.alloc(0))).toEqual(
    incoming.exportKeyingMaterial(32, label, Buffer.alloc(0)),
  );
  client.destroy();
  let taken = 0;
  server.on('secureConnection', () => (taken += 1));
  const stranger = makeKey();
  const refused = connect({ ...dial, key: keyPemOf(stranger), cert: certificateOf(stranger) });
  refused.on('error', () => undefined);
  await once(refused, 'close');
  expect(taken).toBe(0);
  server.close();
});
