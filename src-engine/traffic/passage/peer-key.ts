import { createHash, X509Certificate } from 'node:crypto';

/**
 * Judges certificates by the pin, the SHA-256 of the public key (SPKI). Every connection is judged, a resumed one
 * too: its session shows the certificate of its first handshake (decision 3). The last good one is remembered, since
 * the core shows the same up to a thousand times a second.
 */
export function peerKey(pin: string): (certificate: Buffer | undefined) => boolean {
  let lastGood: Buffer | null = null;
  return (certificate) => {
    if (certificate === undefined) return false;
    if (lastGood !== null && lastGood.equals(certificate)) return true;
    if (pinOf(certificate) !== pin) return false;
    lastGood = Buffer.from(certificate);
    return true;
  };
}

function pinOf(certificate: Buffer): string | null {
  try {
    const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(spki).digest('hex');
  } catch {
    return null;
  }
}
