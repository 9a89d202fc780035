import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { endOn, type End } from './end.ts';
import type { Address } from './relay-config.ts';

/** TLS between the two relays: each shows its key, and each compares the other's with the pin, on every connection. */
export interface PeerKeys {
  /** Certificate and key in one. */
  readonly pem: string;
  /** Is the certificate's key the other Mac's? */
  isPeer(certificate: Buffer | undefined): boolean;
}

const HANDSHAKE_MS = 3000;
/**
 * Connections that have not shown the other Mac's key: one more is reset, or anybody could use up this process's files.
 * From the other Mac's own address there may be as many as a pool of a busy service opens at once.
 */
const MOST = { strangers: 64, fromPeer: 1024 };
/** An end that died without a word is noticed by the kernel's own questions. */
const KEEP_ALIVE_MS = 15_000;

export interface PeerDoor {
  readonly address: Address;
  close(): void;
}

/**
 * Listens for the other Mac; rejects with the system's error. Of a stranger nothing is read: it is reset.
 *
 * @param keys asked for each connection
 * @param peerHost address of the other Mac; null: not known
 */
export async function openPeerDoor(
  listen: { readonly host: string; readonly port: number },
  keys: () => PeerKeys,
  peerHost: () => string | null,
  onPeer: (end: End) => void,
  onStranger: () => void,
): Promise<PeerDoor> {
  const unproven = { strangers: new Set<Socket>(), fromPeer: new Set<Socket>() };
  let known: { readonly pem: string; readonly context: SecureContext } | null = null;
  const contextOf = (pem: string): SecureContext => {
    if (known?.pem !== pem) known = { pem, context: contextFor(pem) };
    return known.context;
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (raw) => {
    raw.on('error', () => undefined);
    const whose = raw.remoteAddress === peerHost() ? 'fromPeer' : 'strangers';
    const others = unproven[whose];
    if (others.size >= MOST[whose]) return void raw.resetAndDestroy();
    others.add(raw);
    raw.once('close', () => others.delete(raw));
    const { pem, isPeer } = keys();
    const tls = new TLSSocket(raw, {
      isServer: true,
      secureContext: contextOf(pem),
      requestCert: true,
      // Self-signed: the key is compared with the pin instead.
      rejectUnauthorized: false,
      ...halfOpen,
    });
    void proven(tls, raw, isPeer).then((end) => {
      others.delete(raw);
      if (end === null) onStranger();
      else onPeer(end);
    });
  });
  await bound(server, listen);
  const { address, port } = server.address() as AddressInfo;
  return { address: { host: address, port }, close: () => void server.close() };
}

/** Dials the other Mac's relay; null when it cannot be reached within three seconds, or is somebody else. */
export async function dialPeer({ host, port }: Address, { pem, isPeer }: PeerKeys): Promise<End | null> {
  const raw = connect({ host, port, noDelay: true, allowHalfOpen: true });
  raw.on('error', () => undefined);
  const tls = connectTls({
    socket: raw,
    secureContext: contextFor(pem),
    rejectUnauthorized: false,
    ...halfOpen,
  });
  return proven(tls, raw, isPeer);
}

/** The types do not know it of TLS sockets, which take it as every socket does. */
const halfOpen = { allowHalfOpen: true };

function contextFor(pem: string): SecureContext {
  return createSecureContext({ key: pem, cert: pem, minVersion: 'TLSv1.3' });
}

/** Null when the handshake fails, takes too long, or shows another key; nothing of it is left then. */
function proven(tls: TLSSocket, raw: Socket, isPeer: PeerKeys['isPeer']): Promise<End | null> {
  const end = endOn(tls, raw);
  return new Promise((resolve) => {
    const refuse = (): void => {
      clearTimeout(timer);
      end.reset();
      resolve(null);
    };
    const timer = setTimeout(refuse, HANDSHAKE_MS);
    const shaken = (): void => {
      clearTimeout(timer);
      if (!isPeer(tls.getPeerX509Certificate()?.raw)) return refuse();
      raw.setKeepAlive(true, KEEP_ALIVE_MS);
      tls.off('close', refuse);
      resolve(end);
    };
    tls.on('error', () => undefined);
    tls.once('close', refuse);
    // A server's side says `secure`, a client's `secureConnect`; who dialled says both.
    tls.once('secure', shaken);
  });
}

export function bound(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      // Later ones, such as too many open files, cost a connection and not the relay.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
