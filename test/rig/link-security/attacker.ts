import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Identity } from '../../../src-engine/link/ports.ts';
import { encodeFrame, FrameReader } from '../../../src-engine/link/session/framing.ts';

/** What a raw client saw. It keeps no rule of ours but what a test gives it. */
export interface Attack {
  readonly socket: TLSSocket | Socket;
  /** Frames that the victim said. */
  readonly heard: Record<string, unknown>[];
  readonly closed: () => boolean;
  /** Milliseconds from the start to the close; null while it is open. */
  readonly closedAfterMs: () => number | null;
  readonly secured: () => boolean;
  readonly error: () => string | null;
  send(frame: unknown): void;
  write(bytes: Buffer): void;
}

/** Each attack comes from a machine of its own where loopback has many addresses; elsewhere tests wait a second. */
export const manyAddresses = process.platform === 'linux';

export function attackTls(port: number, options: ConnectionOptions, from?: string): Attack {
  const address = from !== undefined && manyAddresses ? { localAddress: from } : {};
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...address, ...options });
  return watch(socket);
}

export function attackTcp(port: number, from?: string): Attack {
  const address = from !== undefined && manyAddresses ? { localAddress: from } : {};
  return watch(connectTcp({ host: '127.0.0.1', port, ...address }));
}

function watch(socket: TLSSocket | Socket): Attack {
  const began = performance.now();
  const heard: Record<string, unknown>[] = [];
  let closedAfterMs: number | null = null;
  let secured = false;
  let error: string | null = null;
  const reader = new FrameReader(
    (frame) => heard.push(frame as Record<string, unknown>),
    () => heard.push({ type: 'junk' }),
    1024 * 1024,
  );
  socket.once('secureConnect', () => (secured = true));
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  socket.on('error', (caught: NodeJS.ErrnoException) => (error ??= caught.code ?? caught.message));
  socket.on('close', () => (closedAfterMs = performance.now() - began));
  return {
    socket,
    heard,
    closed: () => closedAfterMs !== null,
    closedAfterMs: () => closedAfterMs,
    secured: () => secured,
    error: () => error,
    send: (frame) => void socket.write(encodeFrame(frame, 4 * 1024 * 1024) ?? Buffer.alloc(0)),
    write: (bytes) => void socket.write(bytes),
  };
}

/** What a well-behaved Tandem would use; a test changes one thing of it. */
export function asTandem(identity: Identity, over: ConnectionOptions = {}): ConnectionOptions {
  return {
    key: identity.keyPem,
    cert: identity.certificatePem,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['tandem/1'],
    ...over,
  };
}
