import { constants } from 'node:crypto';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { Identity } from '../ports.ts';

/** design/limits.md, Link, Names. */
export const ALPN_PAIRED = 'tandem/1';
export const ALPN_PAIRING = 'tandem-pair/1';
export type Alpn = typeof ALPN_PAIRED | typeof ALPN_PAIRING;

/**
 * TLS 1.3 with P-256 on both ends. Certificates are self-signed: Node's own check is off and ours
 * (peer-check.ts) compares the pin after the handshake. Tickets are off because a resumed session
 * shows the certificate of the session before, whoever resumes it (research/link.md, summary 9).
 */
function common(identity: Identity) {
  return {
    key: identity.keyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ecdhCurve: 'P-256',
    sigalgs: 'ecdsa_secp256r1_sha256',
    rejectUnauthorized: false,
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const;
}

/** @param chooses which of the dialler's protocols is spoken; undefined ends the handshake with an alert */
export function serverOptions(
  identity: Identity,
  chooses: (offered: readonly string[]) => Alpn | undefined,
  handshakeTimeout: number,
): TlsOptions {
  return {
    ...common(identity),
    requestCert: true,
    handshakeTimeout,
    ALPNCallback: ({ protocols }) => chooses(protocols),
  };
}

export function clientOptions(
  identity: Identity,
  to: { readonly host: string; readonly port: number; readonly localAddress?: string },
  alpn: Alpn,
): ConnectionOptions & { autoSelectFamily: boolean } {
  return {
    ...common(identity),
    host: to.host,
    port: to.port,
    ...(to.localAddress !== undefined && { localAddress: to.localAddress }),
    // Crashed on wake (nodejs/node #48323, #47644).
    autoSelectFamily: false,
    // The name of a Mac is nobody's business on the wire.
    servername: '',
    ALPNProtocols: [alpn],
  };
}
