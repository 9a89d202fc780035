import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Side } from '../../../src-shared/world/traffic.ts';
import { answerHead, requestHead, takesChunks, type RequestHead } from '../passage/heads.ts';
import { passTrailers } from '../passage/pump.ts';
import { passOn, refuse, resetClient, writeHead } from './answer.ts';
import type { Front } from './front.ts';
import { keepChunk, newBody, type KeptBody } from './kept-body.ts';
import { isIdempotent, mayBeSentAgain, nextTry, usesKept, type Tries, type Try } from './resend.ts';
import { countFailure, countRetry, enter, leave, type InFlight, type SideState } from './sides.ts';

/** A backend that has the whole request and says nothing for so long: 504 (as HAProxy's `timeout server` here). */
const ANSWER_LIMIT_MS = 120_000;

/** One request of a client, from its head to the end of its answer, over one side or, in turn, both. */
interface Exchange extends InFlight {
  readonly front: Front;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  /** Null: it has none. */
  readonly body: KeptBody | null;
  readonly tries: Tries;
  side: Side;
  /** The try that is under way; what an earlier one still says is nobody's business. */
  upstream: ClientRequest | null;
  onKept: boolean;
  /** Since when the side has all of it; null: not yet. */
  sentMs: number | null;
  sent: boolean;
  /** Begun: the client has its head. */
  answer: IncomingMessage | null;
  over: boolean;
}

const ignore = (): void => undefined;

/** Takes a client's request over. @param of whom a gateway dealt it to; null: nobody did */
export function serve(
  front: Front,
  request: IncomingMessage,
  response: ServerResponse,
  of: Side | null,
): void {
  const exchange = newExchange(front, request, response);
  response.on('close', () => clientGone(exchange));
  response.on('error', ignore);
  begin(exchange, { side: front.deal(of), fresh: false });
}

function newExchange(front: Front, request: IncomingMessage, response: ServerResponse): Exchange {
  const method = request.method ?? 'GET';
  const from = request.socket.remoteAddress ?? 'unknown';
  const head = requestHead(request.rawHeaders, method, { host: 'localhost', from });
  const exchange: Exchange = {
    front,
    request,
    response,
    head,
    method,
    path: request.url ?? '/',
    probe: head.probe,
    startedMs: front.clock.monotonicMs(),
    body: head.hasBody ? newBody() : null,
    tries: { core: 0, edge: 0 },
    side: 'core',
    upstream: null,
    onKept: false,
    sentMs: null,
    sent: false,
    answer: null,
    over: false,
    abandon: () => abandon(exchange),
    expire: (nowMs) => expire(exchange, nowMs),
  };
  return exchange;
}

const sideOf = (exchange: Exchange): SideState => exchange.front.sides[exchange.side];

/** Gives it to a side. */
function begin(exchange: Exchange, { side, fresh }: Try): void {
  exchange.side = side;
  exchange.tries[side] += 1;
  exchange.sent = false;
  exchange.onKept = false;
  exchange.sentMs = null;
  const { carrier } = sideOf(exchange);
  if (carrier === null) return giveUp(exchange, 502);
  const { method, path, head, body } = exchange;
  let upstream: ClientRequest;
  try {
    upstream = carrier.request({
      method,
      path,
      headers: head.lines,
      kept: usesKept(method) && !fresh && body === null,
    });
  } catch {
    // A path or a header that Node takes but does not send.
    return giveUp(exchange, 400);
  }
  exchange.upstream = upstream;
  enter(sideOf(exchange), exchange);
  upstream.on('socket', () => connected(exchange, upstream));
  upstream.on('response', (answer) => answered(exchange, upstream, answer));
  upstream.on('error', () => broke(exchange, upstream));
  upstream.on('close', () => broke(exchange, upstream));
  // Its head waits for the connection all the same.
  if (body === null) upstream.end();
}

/** The connection is made and proven: from now on the other end may have it. */
function connected(exchange: Exchange, upstream: ClientRequest): void {
  if (exchange.upstream !== upstream) return;
  exchange.sent = true;
  exchange.onKept = upstream.reusedSocket;
  if (exchange.body === null) exchange.sentMs = exchange.front.clock.monotonicMs();
  else sendBody(exchange, exchange.body, upstream);
}

/** What came of the body already, then the rest as it comes. */
function sendBody(exchange: Exchange, body: KeptBody, upstream: ClientRequest): void {
  const { request, front } = exchange;
  for (const chunk of body.chunks) upstream.write(chunk);
  upstream.on('drain', () => void (exchange.upstream === upstream && request.resume()));
  if (body.ended) {
    exchange.sentMs = front.clock.monotonicMs();
    passTrailers(request, upstream);
    return void upstream.end();
  }
  if (request.listenerCount('data') > 0) return void request.resume();
  request.on('data', (chunk: Buffer) => {
    keepChunk(body, chunk);
    // While nobody takes it the client waits: `begin` goes on with what was kept.
    if (exchange.upstream === null || !exchange.sent) request.pause();
    else if (!exchange.upstream.write(chunk)) request.pause();
  });
  request.on('end', () => {
    body.ended = true;
    if (exchange.upstream === null || !exchange.sent) return;
    exchange.sentMs = front.clock.monotonicMs();
    passTrailers(request, exchange.upstream);
    exchange.upstream.end();
  });
}

function answered(exchange: Exchange, upstream: ClientRequest, answer: IncomingMessage): void {
  answer.on('error', ignore);
  if (exchange.upstream !== upstream) return void upstream.destroy();
  const status = answer.statusCode ?? 502;
  if (status >= 500) countFailure(sideOf(exchange), exchange);
  const chunks = takesChunks(exchange.request, status);
  const { lines, unsent } = answerHead(answer.rawHeaders, { by: exchange.side, close: null, chunks });
  // Only the gate may say so: a workload that did would have its own requests executed twice.
  if (exchange.side === 'edge' && unsent) {
    const next = whereNext(exchange, false);
    if (next !== null) {
      // A kept connection lives on; a fresh one has done its work.
      if (exchange.body === null) answer.resume();
      else upstream.destroy();
      return again(exchange, next);
    }
  }
  if (!writeHead(answer, exchange.response, lines)) {
    upstream.destroy();
    detach(exchange);
    return giveUp(exchange, 502);
  }
  exchange.answer = answer;
  passOn(answer, exchange.response, (whole) => {
    if (exchange.upstream !== upstream) return;
    if (whole) ended(exchange, upstream, answer);
    else failed(exchange);
  });
}

function ended(exchange: Exchange, upstream: ClientRequest, answer: IncomingMessage): void {
  detach(exchange);
  exchange.over = true;
  passTrailers(answer, exchange.response);
  exchange.response.end();
  // Answered before it was sent whole.
  if (exchange.body?.ended === false) upstream.destroy();
  dropBody(exchange);
}

/** The rest of a body that is for nobody; unread it would hold up the client's next request. */
function dropBody({ body, request }: Exchange): void {
  if (body === null || body.ended) return;
  request.removeAllListeners('data');
  request.resume();
}

/** The connection failed. An answer that has begun tells its end itself: what is here of it may be whole. */
function broke(exchange: Exchange, upstream: ClientRequest): void {
  if (exchange.upstream === upstream && exchange.answer === null) failed(exchange);
}

function failed(exchange: Exchange): void {
  countFailure(sideOf(exchange), exchange);
  const next = whereNext(exchange, exchange.sent);
  if (next !== null) return again(exchange, next);
  detach(exchange);
  giveUp(exchange, 502);
}

/** Where it may go now; null: nowhere. */
function whereNext(exchange: Exchange, sent: boolean): Try | null {
  const { method, answer, body, side, onKept, tries, front } = exchange;
  const standing = {
    idempotent: isIdempotent(method),
    sent,
    answerBegun: answer !== null,
    bodyKept: body === null || body.whole,
  };
  return mayBeSentAgain(standing) ? nextTry({ side, onKept: sent && onKept }, tries, front.sides) : null;
}

function again(exchange: Exchange, next: Try): void {
  countRetry(sideOf(exchange), exchange);
  // What came before is kept up to 64 KiB: what came now, for nobody, could push it out (`sendBody` goes on).
  if (exchange.request.readableFlowing === true) exchange.request.pause();
  detach(exchange);
  begin(exchange, next);
}

/** The side has nothing more to do with it. */
function detach(exchange: Exchange): void {
  exchange.upstream = null;
  leave(sideOf(exchange), exchange);
}

/** Its connection is not ended here: whoever calls this resets all of them, and a reset must come first. */
function abandon(exchange: Exchange): 'resent' | 'cut' | 'whole' {
  if (exchange.answer?.complete === true) {
    // All of it is here already; only the client is slow.
    leave(sideOf(exchange), exchange);
    return 'whole';
  }
  countFailure(sideOf(exchange), exchange);
  const next = whereNext(exchange, exchange.sent);
  if (next !== null) {
    again(exchange, next);
    return 'resent';
  }
  detach(exchange);
  exchange.over = true;
  resetClient(exchange.request.socket);
  return 'cut';
}

function expire(exchange: Exchange, nowMs: number): void {
  const { sentMs, answer, upstream } = exchange;
  if (sentMs === null || answer !== null || nowMs - sentMs < ANSWER_LIMIT_MS) return;
  countFailure(sideOf(exchange), exchange);
  detach(exchange);
  upstream?.destroy();
  giveUp(exchange, 504);
}

/** An error of ours where nothing was said yet, else a reset: half an answer must not look like a whole one. */
function giveUp(exchange: Exchange, status: 400 | 502 | 504): void {
  exchange.over = true;
  if (exchange.answer !== null) return resetClient(exchange.request.socket);
  refuse(exchange.response, status, exchange.side);
  dropBody(exchange);
}

function clientGone(exchange: Exchange): void {
  if (exchange.over) return;
  exchange.over = true;
  const { upstream } = exchange;
  detach(exchange);
  upstream?.destroy();
}
