import { request as ask, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerHead, headText, without } from '../passage/heads.ts';
import { pump } from '../passage/pump.ts';
import { UNSENT_HEADER, type Address } from '../ports.ts';
import { CONNECT_LIMIT_MS } from './forward.ts';
import { refuseRaw } from './refuse.ts';

export interface UpgradePorts {
  upstream(): Address;
  /** As in forward.ts. */
  mayPass(request: IncomingMessage): boolean;
}

interface Tunnel {
  readonly ports: UpgradePorts;
  readonly request: IncomingMessage;
  readonly client: Duplex;
  /** What came behind the head of the request. */
  readonly first: Buffer;
}

/**
 * A request to upgrade, on a connection that HTTP has been taken off. A WebSocket is asked for and then tunnelled.
 * Anything else (`h2c`, with which Java's client opens even a POST) is passed on as a plain request that ends its
 * connection, byte by byte, since Node has not parsed its body.
 */
export function passUpgrade(
  ports: UpgradePorts,
  request: IncomingMessage,
  client: Duplex,
  first: Buffer,
): void {
  client.on('error', () => client.destroy());
  const tunnel = { ports, request, client, first };
  if (request.headers.upgrade?.toLowerCase() === 'websocket') openWebSocket(tunnel);
  else passRaw(tunnel);
}

function openWebSocket(tunnel: Tunnel): void {
  const { ports, request, client, first } = tunnel;
  const call = asked(tunnel);
  if (call === null) return;
  const seen = { connected: false, answered: false };
  call.once('socket', (socket) => {
    // What fails to connect in time was given to nobody.
    const limit = setTimeout(() => call.destroy(), CONNECT_LIMIT_MS);
    socket.once('connect', () => {
      clearTimeout(limit);
      seen.connected = true;
      if (client.destroyed || !ports.mayPass(request)) call.destroy();
      else call.end();
    });
    socket.once('close', () => clearTimeout(limit));
  });
  call.once('upgrade', (answer, workload, head) => {
    seen.answered = true;
    client.write(headOf(answer, without(answer.rawHeaders, [UNSENT_HEADER])));
    if (head.length > 0) client.write(head);
    if (first.length > 0) workload.write(first);
    join(tunnel, workload);
  });
  call.once('response', (answer) => {
    seen.answered = true;
    const { lines } = answerHead(answer.rawHeaders, { by: null, close: true, chunks: false });
    client.write(headOf(answer, lines));
    answer.on('error', () => client.destroy());
    answer.once('close', () => (answer.complete ? client.end() : client.destroy()));
    pump(answer, client);
  });
  call.on('error', () => {
    if (seen.answered) return void client.destroy();
    noWorkload(client, seen.connected);
  });
  client.once('close', () => call.destroy());
}

/** Null, and refused: a path or header that Node's parser takes and its writer does not. */
function asked({ ports, request, client }: Tunnel): ClientRequest | null {
  const { host, port } = ports.upstream();
  const { method = 'GET', url = '/' } = request;
  try {
    return ask({ host, port, method, path: url, headers: upgradeLines(request.rawHeaders), agent: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'invalid';
    refuseRaw(client, { status: 400, why, unsent: true });
    return null;
  }
}

function passRaw(tunnel: Tunnel): void {
  const { ports, request, client, first } = tunnel;
  const { host, port } = ports.upstream();
  const workload = connect({ host, port, noDelay: true });
  const limit = setTimeout(() => workload.destroy(new Error('connect timed out')), CONNECT_LIMIT_MS);
  let connected = false;
  workload.once('connect', () => {
    connected = true;
    clearTimeout(limit);
    if (client.destroyed || !ports.mayPass(request)) return void workload.destroy();
    workload.write(plainRequest(request));
    if (first.length > 0) workload.write(first);
    join(tunnel, workload);
  });
  workload.on('error', () => {
    clearTimeout(limit);
    if (connected) client.destroy();
    else noWorkload(client, false);
  });
  client.once('close', () => workload.destroy());
}

/** From here on it is bytes both ways, until both ends have ended or one has broken off. */
function join({ ports, request, client }: Tunnel, workload: Socket | Duplex): void {
  const mayPass = (): boolean => {
    const may = ports.mayPass(request);
    if (!may) workload.destroy();
    return may;
  };
  workload.on('error', () => client.destroy());
  pump(client, workload, mayPass);
  pump(workload, client);
  client.once('end', () => workload.end());
  workload.once('end', () => client.end());
  workload.once('close', () => client.destroy());
  client.once('close', () => workload.destroy());
}

function noWorkload(client: Duplex, connected: boolean): void {
  if (client.destroyed) return;
  const why = connected ? 'the workload broke off' : 'the workload does not accept connections';
  refuseRaw(client, { status: 502, why, unsent: !connected });
}

/** `connection` and `upgrade` stay: they are what it is about. */
function upgradeLines(raw: readonly string[]): string[] {
  return without(raw, ['keep-alive', 'proxy-connection', 'expect']);
}

function plainRequest({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const gone = ['connection', 'upgrade', 'http2-settings', 'keep-alive', 'proxy-connection'];
  const lines = [...without(rawHeaders, gone), 'connection', 'close'];
  return Buffer.from(headText(`${method} ${url} HTTP/1.1`, lines), 'latin1');
}

function headOf({ statusCode, statusMessage }: IncomingMessage, lines: readonly string[]): Buffer {
  return Buffer.from(headText(`HTTP/1.1 ${statusCode} ${statusMessage}`, lines), 'latin1');
}
