import { hkdfSync } from 'node:crypto';

/** RFC 5705 label and length of what both ends of a TLS session derive (design/limits.md, Link). */
export const UDP_EXPORTER_LABEL = 'EXPORTER-tandem-udp';
export const UDP_EXPORTER_BYTES = 64;

/** AES-256 keys, one for each direction: what I send cannot be sent back to me as yours. */
export interface BeatKeys {
  readonly send: Buffer;
  readonly receive: Buffer;
}

/**
 * @param exported 64 bytes of the TLS exporter
 * @param sessionId the session's id; part of the derivation, so that no two sessions share a key
 * @param incoming true on the side that was dialled
 */
export function beatKeys(exported: Buffer, sessionId: bigint, incoming: boolean): BeatKeys {
  const salt = Buffer.alloc(8);
  salt.writeBigUInt64BE(sessionId);
  const key = (direction: string) =>
    Buffer.from(hkdfSync('sha256', exported, salt, `tandem udp ${direction}`, 32));
  const fromDialler = key('dialler to listener');
  const fromListener = key('listener to dialler');
  return incoming
    ? { send: fromListener, receive: fromDialler }
    : { send: fromDialler, receive: fromListener };
}
