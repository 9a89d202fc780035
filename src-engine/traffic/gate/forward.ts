import {
  request as ask,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { answerHead, requestHead, takesChunks, type RequestHead } from '../passage/heads.ts';
import { passTrailers, pump, pumpAnswer } from '../passage/pump.ts';
import type { Address } from '../ports.ts';
import { refuse, turnAway } from './refuse.ts';

export interface ForwardPorts {
  upstream(): Address;
  /** For GET and HEAD. */
  readonly kept: Agent;
  /** For everything else: a connection of its own, which ends with the answer (decision 3). */
  readonly fresh: Agent;
  /** The guard: false when this request was reset, or is about to be. Asked before anything goes to the workload. */
  mayPass(request: IncomingMessage): boolean;
  /** Told to be out: connections are closed behind their answers. */
  closes(): boolean;
  /** A connection whose answer broke off cannot be ended well. */
  reset(request: IncomingMessage): void;
}

/** On loopback a connect takes microseconds; longer is a workload that accepts no more. */
export const CONNECT_LIMIT_MS = 2000;

interface Passage {
  readonly ports: ForwardPorts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
}

/** Passes one request on to the workload and its answer back, both as they come. */
export function forward(ports: ForwardPorts, request: IncomingMessage, response: ServerResponse): void {
  const { host, port } = ports.upstream();
  const passer = { host: `${host}:${port}`, from: null };
  const head = requestHead(request.rawHeaders, request.method ?? 'GET', passer);
  attempt({ ports, request, response, head }, false);
}

function attempt(passage: Passage, isSecond: boolean): void {
  const { ports, request, response, head } = passage;
  const { host, port } = ports.upstream();
  const { method = 'GET', url = '/' } = request;
  const keeps = (method === 'GET' || method === 'HEAD') && !head.hasBody && !isSecond;
  let call: ClientRequest;
  try {
    call = ask({
      host,
      port,
      method,
      path: url,
      headers: head.lines,
      agent: keeps ? ports.kept : ports.fresh,
    });
  } catch (error) {
    // A path or header that Node's parser takes and its writer does not.
    const why = error instanceof Error ? error.message : 'invalid';
    return refuse(request, response, { status: 400, why, unsent: true });
  }
  const seen = { connected: false, answered: false };
  whenConnected(call, () => {
    seen.connected = true;
    // Nothing was written until here: between the request and the connect this process may have been paused.
    if (response.destroyed || !ports.mayPass(request)) return void call.destroy();
    sendBody(passage, call);
  });
  call.on('response', (answer) => {
    seen.answered = true;
    passBack(passage, answer);
  });
  call.on('error', () => {
    if (seen.answered || response.destroyed) return;
    // A kept connection that the workload closed just then. GET and HEAD may be said twice.
    if (keeps && call.reusedSocket) return attempt(passage, true);
    failed(passage, seen.connected);
  });
  response.once('close', () => {
    if (!response.writableFinished) call.destroy();
  });
}

function whenConnected(call: ClientRequest, begin: () => void): void {
  call.once('socket', (socket) => {
    if (!socket.connecting) return begin();
    const limit = setTimeout(() => call.destroy(new Error('connect timed out')), CONNECT_LIMIT_MS);
    socket.once('connect', () => {
      clearTimeout(limit);
      begin();
    });
    socket.once('close', () => clearTimeout(limit));
  });
}

function sendBody({ ports, request, head }: Passage, call: ClientRequest): void {
  if (!head.hasBody) return void call.end();
  const mayPass = (): boolean => {
    const may = ports.mayPass(request);
    if (!may) call.destroy();
    return may;
  };
  request.once('end', () => {
    if (!mayPass()) return;
    passTrailers(request, call);
    call.end();
  });
  pump(request, call, mayPass);
}

function passBack({ ports, request, response }: Passage, answer: IncomingMessage): void {
  const brokeOff = (): void => {
    if (!answer.complete && !response.writableFinished) ports.reset(request);
  };
  answer.on('error', brokeOff);
  answer.once('close', brokeOff);
  const close = ports.closes() || !response.shouldKeepAlive;
  const status = answer.statusCode ?? 502;
  const chunks = takesChunks(request, status);
  const { lines } = answerHead(answer.rawHeaders, { by: null, close, chunks });
  try {
    response.writeHead(status, answer.statusMessage, lines);
  } catch {
    return ports.reset(request);
  }
  pumpAnswer(answer, response);
  answer.once('end', () => {
    if (!answer.complete) return;
    passTrailers(answer, response);
    response.end();
  });
}

/** No answer came. Without a connection nothing was written. */
function failed({ ports, request, response }: Passage, connected: boolean): void {
  if (response.headersSent) return;
  request.removeAllListeners('data');
  const why = connected ? 'the workload broke off' : 'the workload does not accept connections';
  turnAway(ports, request, response, { status: 502, why, unsent: !connected });
}
