import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Side } from '../../../src-shared/world/traffic.ts';
import { PROBE_HEADER } from '../ports.ts';
import { resetClient } from './answer.ts';
import type { Front } from './front.ts';
import { keepChunk, newBody, type KeptBody } from './kept-body.ts';
import { isIdempotent, mayBeSentAgain, nextTry, type Tries, type Try } from './resend.ts';
import { countFailure, countRetry, enter, leave, type InFlight, type SideState } from './sides.ts';
import { readUpgradeAnswer, upgradeRequest, type UpgradeAnswer } from './upgrade-heads.ts';

/**
 * A connection that its client asks to upgrade (WebSocket): from the head on, bytes are passed both ways as they
 * come, over a connection of its own. It may move to the other side until a backend has answered.
 */
interface Tunnel extends InFlight {
  readonly front: Front;
  readonly request: IncomingMessage;
  readonly client: Socket;
  readonly head: Buffer;
  /** What the client said behind the head, until it is answered. */
  readonly early: KeptBody;
  readonly tries: Tries;
  side: Side;
  /** Ends the try that is under way; null: none is. */
  giveUpTry: (() => void) | null;
  sent: boolean;
  answered: boolean;
}

/** @param client the client's socket, which Node's parser has let go of; `rest` is what it had read too far; `of` as in `serve` */
export function tunnel(
  front: Front,
  request: IncomingMessage,
  client: Socket,
  { rest, of }: { readonly rest: Buffer; readonly of: Side | null },
): void {
  const one: Tunnel = newTunnel(front, request, client);
  if (rest.length > 0) keepChunk(one.early, rest);
  client.setTimeout(0);
  client.setNoDelay(true);
  client.on('error', () => undefined);
  client.once('close', () => {
    const end = one.giveUpTry;
    detach(one);
    end?.();
  });
  begin(one, { side: front.deal(of), fresh: true });
}

function newTunnel(front: Front, request: IncomingMessage, client: Socket): Tunnel {
  const method = request.method ?? 'GET';
  const path = request.url ?? '/';
  const raw = request.rawHeaders;
  const one: Tunnel = {
    front,
    request,
    client,
    head: upgradeRequest({ method, path, raw }, client.remoteAddress ?? 'unknown'),
    early: newBody(),
    method,
    path,
    probe: request.headers[PROBE_HEADER] !== undefined,
    startedMs: front.clock.monotonicMs(),
    tries: { core: 0, edge: 0 },
    side: 'core',
    giveUpTry: null,
    sent: false,
    answered: false,
    abandon: () => abandon(one),
    // It may be silent for as long as it likes.
    expire: () => undefined,
  };
  return one;
}

const sideOf = (one: Tunnel): SideState => one.front.sides[one.side];

function begin(one: Tunnel, { side }: Try): void {
  one.side = side;
  one.tries[side] += 1;
  one.sent = false;
  const { carrier } = sideOf(one);
  if (carrier === null) return refuse(one);
  enter(sideOf(one), one);
  const giveUp = carrier.open((error, upstream) => {
    upstream.on('error', () => undefined);
    if (one.giveUpTry !== giveUp) return void upstream.destroy();
    if (error !== null) return failed(one);
    connected(one, upstream, giveUp);
  });
  one.giveUpTry = giveUp;
}

/** The backend gets the head, then whatever the client says; the client gets nothing until the answer's head is here. */
function connected(one: Tunnel, upstream: Duplex, current: () => void): void {
  const { client, early } = one;
  one.sent = true;
  upstream.write(one.head);
  for (const chunk of early.chunks) upstream.write(chunk);
  let bytes = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => keepChunk(early, chunk);
  const listen = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const answer = readUpgradeAnswer(bytes, one.side);
    if (answer === null) return;
    stop();
    if (one.giveUpTry !== current) return;
    if (answer === 'invalid') upstream.destroy();
    else answered(one, upstream, answer);
  };
  const stop = (): void => {
    upstream.off('data', listen);
    client.off('data', keep);
  };
  upstream.on('data', listen);
  upstream.once('close', () => {
    stop();
    if (one.giveUpTry === current) failed(one);
  });
  client.on('data', keep);
  client.pipe(upstream);
}

function answered(one: Tunnel, upstream: Duplex, answer: UpgradeAnswer): void {
  const { client, early } = one;
  // Only the gate may say so: see exchange.ts.
  if (one.side === 'edge' && answer.unsent && redeal(one)) return;
  if (answer.status >= 500) countFailure(sideOf(one), one);
  one.answered = true;
  early.chunks = [];
  client.write(answer.forClient);
  if (answer.rest.length > 0) client.write(answer.rest);
  upstream.pipe(client);
}

/** The gate says that the workload was not asked: somewhere else, if there is somewhere. */
function redeal(one: Tunnel): boolean {
  const next = whereNext(one, false);
  if (next === null) return false;
  const end = one.giveUpTry;
  countFailure(sideOf(one), one);
  again(one, next);
  end?.();
  return true;
}

/** No connection, or it ended. An upgraded one ends its client's with it. */
function failed(one: Tunnel): void {
  if (one.answered) {
    detach(one);
    return one.client.destroySoon();
  }
  countFailure(sideOf(one), one);
  const next = whereNext(one, one.sent);
  if (next !== null) return again(one, next);
  detach(one);
  refuse(one);
}

function whereNext(one: Tunnel, sent: boolean): Try | null {
  const { method, answered, early, side, tries, front } = one;
  const idempotent = isIdempotent(method);
  return mayBeSentAgain({ idempotent, sent, answerBegun: answered, bodyKept: early.whole })
    ? nextTry({ side, onKept: false }, tries, front.sides)
    : null;
}

function again(one: Tunnel, next: Try): void {
  countRetry(sideOf(one), one);
  detach(one);
  begin(one, next);
}

/** The side has nothing more to do with it. */
function detach(one: Tunnel): void {
  one.giveUpTry = null;
  one.client.unpipe();
  leave(sideOf(one), one);
}

/** Its connection is not ended here: whoever calls this resets all of them, and a reset must come first. */
function abandon(one: Tunnel): 'resent' | 'cut' {
  countFailure(sideOf(one), one);
  const next = whereNext(one, one.sent);
  if (next !== null) {
    again(one, next);
    return 'resent';
  }
  detach(one);
  resetClient(one.client);
  return 'cut';
}

function refuse({ client }: Tunnel): void {
  if (client.writable)
    client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
