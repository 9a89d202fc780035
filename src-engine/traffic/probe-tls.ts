import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { peerKey } from './passage/peer-key.ts';

/** This Mac's half of the pair and the key that the other end must show. */
export interface ProbeTls {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** SHA-256 of the other end's SPKI, hex. */
  readonly peerPin: string;
}

/** The last that was asked for: to read a key takes longer than a handshake, and there is one pair. */
let last: (Omit<ProbeTls, 'peerPin'> & { readonly context: SecureContext }) | null = null;

/** What a connection is secured with. Throws where a key cannot be read. */
export function contextOf({ keyPem, certificatePem }: ProbeTls): SecureContext {
  if (last?.keyPem === keyPem && last.certificatePem === certificatePem) return last.context;
  const context = createSecureContext({ key: keyPem, cert: certificatePem, minVersion: 'TLSv1.3' });
  last = { keyPem, certificatePem, context };
  return context;
}

/** The pin that a connection's other end has shown: its key is of the connection, not of an answer. */
const shown = new WeakMap<Socket, string>();

/** @param pin SHA-256 of the SPKI, hex */
export function isPinned(socket: Socket, pin: string): boolean {
  if (!(socket instanceof TLSSocket)) return false;
  if (shown.get(socket) === pin) return true;
  if (!peerKey(pin)(socket.getPeerX509Certificate()?.raw)) return false;
  shown.set(socket, pin);
  return true;
}
