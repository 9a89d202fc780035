import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { peerKey } from '../passage/peer-key.ts';
import type { PairTls } from '../ports.ts';

/** What this Mac shows, and how the other one is known. */
export interface PairProof {
  /** One for all connections: making it costs 3 ms of CPU, more than a handshake (research/haproxy.md, last line). */
  readonly context: SecureContext;
  /** True when the other end holds the key that was paired. */
  proves(socket: TLSSocket): boolean;
}

/**
 * Certificates are self-signed, so Node's own check is off and the key is compared with the pin after each
 * handshake; there is no resumption, each connection proves it anew.
 *
 * Throws when the file cannot be read or holds no certificate with its key.
 */
export function pairProof({ ownPemFile, peerPin }: PairTls): PairProof {
  const pem = readFileSync(ownPemFile);
  const context = createSecureContext({ cert: pem, key: pem, minVersion: 'TLSv1.3' });
  const isPeer = peerKey(peerPin);
  return { context, proves: (socket) => isPeer(socket.getPeerX509Certificate()?.raw) };
}
