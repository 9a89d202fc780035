import { createHash, createPublicKey, timingSafeEqual, X509Certificate, type KeyObject } from 'node:crypto';

/** A pin: SHA-256 of a public key (SPKI, DER), 64 hex digits in lower case. */
export const PIN = /^[0-9a-f]{64}$/;

export function pinOfKey(key: KeyObject): string {
  const shown = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(shown.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The pin of a certificate (DER or PEM) as a stranger sent it; null when it is none. */
export function pinOfCertificate(raw: Buffer | string): string | null {
  try {
    return pinOfKey(new X509Certificate(raw).publicKey);
  } catch {
    return null;
  }
}

/** True when both are the same pin; takes as long whatever they hold. Null is nobody's pin. */
export function samePin(one: string | null, other: string | null): boolean {
  if (one === null || other === null || !PIN.test(one) || !PIN.test(other)) return false;
  return timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'));
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SHOWN_CHARACTERS = 16;

/** A pin for people: its first 80 bits in base32 (RFC 4648), four groups. To be looked at, never compared by a machine. */
export function deviceId(pin: string): string {
  const binary = [...Buffer.from(pin, 'hex')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = (binary.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)] ?? '');
  return (characters.slice(0, SHOWN_CHARACTERS).join('').match(/.{4}/g) ?? []).join('-');
}
