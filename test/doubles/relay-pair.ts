import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { createHash, X509Certificate } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import type { RelayWish } from '../../src-engine/tunnel/relay/relay-config.ts';
import { createRelay, type Relay } from '../../src-engine/tunnel/relay/relay.ts';
import type { OpenPod } from '../../src-engine/tunnel/relay/upstream.ts';
import type { KeyPair } from './pair-keys.ts';

const noPods: OpenPod = async () => Promise.reject(new Error('no pods here'));

/** A relay inside this process; closed with the test. */
export function testRelay(openPod: OpenPod = noPods): Relay {
  const relay = createRelay({
    clock: systemClock,
    scheduler: systemScheduler,
    openPod,
    peerKey: (pin) => (certificate) => certificate !== undefined && pinOf(certificate) === pin,
    listenProblem: (_error, { host, port }) => ({ code: 'relayPortTaken', params: { address: host, port } }),
  });
  onTestFinished(() => relay.close());
  return relay;
}

function pinOf(certificate: Buffer): string {
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

export const pemOf = ({ keyPem, certificatePem }: KeyPair): string => `${certificatePem}\n${keyPem}\n`;

/** Serves and uses nothing, for who holds `pin`. */
export function bareWish(pin: string, more: Partial<RelayWish> = {}): RelayWish {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    tls: { ownPemFile: '/unused', peerPin: pin },
    peer: null,
    exports: [],
    imports: [],
    ...more,
  };
}

export interface TestService {
  readonly port: number;
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

/** A TCP service on loopback. */
export async function testService(serve: (socket: Socket) => void): Promise<TestService> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(() => void close());
  return { port: (server.address() as AddressInfo).port, sockets, close };
}

export interface Ended {
  readonly text: string;
  /** `reset`: it broke. */
  readonly how: 'end' | 'reset';
}

/** Connects, says all, ends its half, and hears the rest. */
export function talk(port: number, words: string | Buffer, options: { keep?: boolean } = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    const end = (how: Ended['how']): void => resolve({ text: Buffer.concat(pieces).toString(), how });
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('end', () => {
      socket.end();
      end('end');
    });
    socket.on('error', () => end('reset'));
    socket.on('close', () => end('reset'));
    socket.write(words);
    if (options.keep !== true) socket.end();
  });
}
