import { expect, test } from 'vitest';
import { certificateOf, makeKey } from '../link/identity/certificate.ts';
import { ownCertificateTrouble } from './own-certificate.ts';

/** Valid from 2020 to 2099. */
const certificate = Buffer.from(certificateOf(makeKey())).toString('base64');
const at = (year: number) => ownCertificateTrouble(certificate, new Date(`${year}-06-01T00:00:00Z`));

test('before, within and after its time', () => {
  expect([2019, 2026, 2100].map(at)).toEqual(['certEarly', null, 'certExpired']);
});

test('none, or one that cannot be read, is not judged here', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(ownCertificateTrouble(undefined, now)).toBeNull();
  expect(ownCertificateTrouble(Buffer.from('no certificate').toString('base64'), now)).toBeNull();
});
