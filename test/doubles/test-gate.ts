import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TLSSocket } from 'node:tls';
import { pinOfCertificate } from '../../src-engine/link/identity/pin.ts';
import { GATE_READY_PATH, UNSENT_HEADER } from '../../src-engine/traffic/ports.ts';
import type { KeyPair } from './pair-keys.ts';
import { noted, SWITCHING, workload, type Notes } from './workload.ts';

/**
 * How the gate behaves from now on. `silent`: takes requests and answers none (its process hangs, its kernel lives).
 * `hole`: new connections are accepted and left alone as well. `unsent`: 503, and the workload was not asked.
 */
export type GateMood = 'serve' | 'silent' | 'hole' | 'unsent';

/** An edge's gate as a front sees one: TLS 1.3, both certificates, readiness, and every way of being dead. */
export interface TestGate extends Notes {
  readonly port: number;
  mood: GateMood;
  ready: boolean;
  /** Errors of connections, by their code: how the front ended them. */
  readonly ends: string[];
  /** Its port refuses, its connections are reset. */
  kill(): void;
}

/** @param own whom it shows itself as; `peerPin` is who may speak to it */
export async function startGate(own: KeyPair, peerPin: string): Promise<TestGate> {
  const serve = workload('edge');
  const server = createTlsServer({
    key: own.keyPem,
    cert: own.certificatePem,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
  });
  server.on('request', (request, response) => {
    const shown = (request.socket as TLSSocket).getPeerX509Certificate();
    if (pinOfCertificate(shown?.raw ?? '') !== peerPin) return void request.socket.destroy();
    if (gate.mood === 'silent' || gate.mood === 'hole') return;
    if (request.url === GATE_READY_PATH) return void response.writeHead(gate.ready ? 200 : 503).end();
    if (gate.mood === 'serve') return serve(request, response);
    response.writeHead(503, { [UNSENT_HEADER]: '1' }).end('not here');
  });
  const raws = new Set<Socket>();
  const ends: string[] = [];
  // Below TLS, so that connections may be accepted and left alone.
  const door = createServer({ noDelay: true }, (raw) => {
    raws.add(raw);
    raw.on('error', () => undefined);
    raw.once('close', () => raws.delete(raw));
    if (gate.mood !== 'hole') server.emit('connection', raw);
  });
  server.on('secureConnection', (socket) =>
    socket.on('error', (error) => void ends.push('code' in error ? String(error.code) : error.message)),
  );
  const notes = noted(server, 'secureConnection', () => {
    if (gate.mood === 'serve') return SWITCHING;
    return gate.mood === 'unsent' ? `HTTP/1.1 503 Not Here\r\n${UNSENT_HEADER}: 1\r\n\r\n` : null;
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const gate: TestGate = {
    ...notes,
    port: (door.address() as AddressInfo).port,
    mood: 'serve',
    ready: true,
    ends,
    kill() {
      door.close();
      for (const raw of raws) raw.resetAndDestroy();
    },
  };
  onTestFinished(() => gate.kill());
  return gate;
}
