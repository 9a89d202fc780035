import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { bits, integer, octets, oid, sequence, set, tagged, text, time, yes } from './der.ts';

/** P-256: what OpenSSL (Node) and BoringSSL (Electron) both take by default (research/measured.md, last section). */
export const CURVE = 'prime256v1';

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = oid('2.5.4.3');
const BASIC_CONSTRAINTS = oid('2.5.29.19');
/** Valid whatever a clock says: a Mac's clock may be a day or a decade off (research/link.md 4, minikube #1378). */
const VALIDITY = sequence(time('20200101000000'), time('20991231235959'));

export function makeKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey;
}

export function keyPemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * A self-signed X.509 v3 certificate of `key` (P-256), CN "tandem", valid 2020 to 2099. It carries the key
 * and says nothing else: who its holder is, pairing decides by the key. Made anew it has the same pin.
 */
export function certificateOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(COMMON_NAME, text('tandem'))));
  const content = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(serialOf(spki)),
    ECDSA_WITH_SHA256,
    name,
    VALIDITY,
    name,
    spki,
    tagged(3, extensions()),
  );
  const der = sequence(content, ECDSA_WITH_SHA256, bits(sign('sha256', content, key)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/**
 * No authority, and no key usage: with "signatures only" BoringSSL does not take the certificate as its own
 * issuer, so that who trusts it by file (a front) would refuse it; OpenSSL does.
 */
function extensions(): Buffer {
  const notAnAuthority = sequence();
  return sequence(sequence(BASIC_CONSTRAINTS, yes, octets(notAnAuthority)));
}

/** Positive and at most 20 bytes (RFC 5280, 4.1.2.2); from the key, so that one key has one serial. */
function serialOf(spki: Buffer): Buffer {
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}
