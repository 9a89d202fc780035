import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { pinOfKey, samePin } from '../identity/pin.ts';
import type { Alpn } from './tls-options.ts';

/** What a finished handshake shows of the other end. */
export interface PeerFacts {
  readonly protocol: string | null;
  readonly alpn: string | null;
  readonly resumed: boolean;
  /** As far as Node tells: a second one that issued the first. */
  readonly certificates: 0 | 1 | 2;
  readonly curve: string | null;
  readonly pin: string | null;
}

export type PeerVerdict = 'ok' | 'notTandem' | 'noCertificate' | 'resumed' | 'ownKey' | 'otherKey';

export interface Wanted {
  readonly alpn: Alpn;
  readonly ownPin: string;
  /** Null: any key, as in a pairing. */
  readonly pin: string | null;
}

/** May this end be spoken to? Nothing of it was read yet. */
export function judgePeer(facts: PeerFacts, wanted: Wanted): PeerVerdict {
  if (facts.protocol !== 'TLSv1.3' || facts.alpn !== wanted.alpn) return 'notTandem';
  if (facts.resumed) return 'resumed';
  if (facts.certificates !== 1 || facts.curve !== 'prime256v1' || facts.pin === null) return 'noCertificate';
  if (samePin(facts.pin, wanted.ownPin)) return 'ownKey';
  if (wanted.pin !== null && !samePin(facts.pin, wanted.pin)) return 'otherKey';
  return 'ok';
}

/** Reads the facts of a connection whose handshake is over. */
export function factsOf(socket: TLSSocket): PeerFacts {
  const alpn = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null;
  const base = { protocol: socket.getProtocol(), alpn, resumed: socket.isSessionReused() };
  try {
    const certificate = socket.getPeerCertificate(true);
    const raw: Buffer | undefined = certificate?.raw;
    if (raw === undefined) return { ...base, certificates: 0, curve: null, pin: null };
    const issuer: Buffer | undefined = certificate.issuerCertificate?.raw;
    const alone = issuer === undefined || issuer.equals(raw);
    const { publicKey } = new X509Certificate(raw);
    const curve = publicKey.asymmetricKeyDetails?.namedCurve ?? null;
    return { ...base, certificates: alone ? 1 : 2, curve, pin: pinOfKey(publicKey) };
  } catch {
    return { ...base, certificates: 0, curve: null, pin: null };
  }
}
