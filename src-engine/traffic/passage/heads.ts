import type { IncomingMessage } from 'node:http';
import type { Side } from '../../../src-shared/world/traffic.ts';
import { BACKEND_HEADER, PROBE_HEADER, UNSENT_HEADER } from '../ports.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1). What some of them say is judged below. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'trailer',
  'te',
]);
/**
 * Not to be taken away by a `Connection` header that names them: they say where a message ends, who it is for, and
 * who answered it. `te` is judged by its value.
 */
const NEVER_NAMED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'x-forwarded-for',
  BACKEND_HEADER,
  'te',
]);
/** A request of these has no body unless it says so; of others a missing length must be written as 0. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Names and values in turn, as Node's `rawHeaders`: in their order and spelling. */
export interface Head {
  readonly lines: string[];
  /** The body comes in chunks, and may end with trailers. */
  readonly chunked: boolean;
}

export interface RequestHead extends Head {
  readonly hasBody: boolean;
  /** One of ours: not counted as traffic. */
  readonly probe: boolean;
}

export interface AnswerHead extends Head {
  /** It says that the request was given to nobody. Only the gate may say so. */
  readonly unsent: boolean;
}

/** Who passes a request on. */
export interface Passer {
  /** For a request of HTTP/1.0 that names none: it is passed on as 1.1, which must. */
  readonly host: string;
  /** Added to those that `x-forwarded-for` names; null: what it says stays as it is. */
  readonly from: string | null;
}

/** How an answer goes to who asked. */
export interface AnswerWay {
  /** The front writes who answered; the gate does not. */
  readonly by: Side | null;
  /** Whether the connection ends with it; null: Node says it. */
  readonly close: boolean | null;
  /** As `takesChunks` says. */
  readonly chunks: boolean;
}

/** A head as far as it was read. */
interface Reading {
  readonly lines: string[];
  /** Headers that `Connection` gives to this one connection. */
  readonly named: string[];
  readonly trailer: string[];
  codings: string;
}

/** What the next server gets. `expect` is gone: Node has answered it. */
export function requestHead(raw: readonly string[], method: string, { host, from }: Passer): RequestHead {
  const reading = newReading([]);
  const { lines } = reading;
  let way = '';
  let isLong = false;
  let hasLength = false;
  let hasHost = false;
  let probe = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const key = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    const name = key.toLowerCase();
    if (HOP_BY_HOP.has(name)) {
      if (name === 'te' && value.trim().toLowerCase() === 'trailers') lines.push(key, value);
      else readConnection(reading, name, key, value);
    } else if (from !== null && name === 'x-forwarded-for') way += `${value}, `;
    else if (name !== 'expect') {
      lines.push(key, value);
      if (name === 'host') hasHost = true;
      else if (name === PROBE_HEADER) probe = true;
      else if (name === 'content-length') {
        hasLength = true;
        isLong ||= value.trim() !== '0';
      }
    }
  }
  const head = ended(reading, true);
  if (!hasHost) head.lines.push('host', host);
  if (!head.chunked && !hasLength && !BODILESS.has(method)) head.lines.push('content-length', '0');
  if (from !== null) head.lines.push('x-forwarded-for', way + from);
  return { ...head, hasBody: head.chunked || isLong, probe };
}

/**
 * What who asked gets. Both of our own headers are our own word: a workload that said that a request was unsent
 * would have its requests executed twice. The gate always writes `connection`, or Node would announce a
 * `keep-alive` time-out, with which clients leave the FRONT (research/haproxy.md, A).
 */
export function answerHead(raw: readonly string[], { by, close, chunks }: AnswerWay): AnswerHead {
  const reading = newReading(by === null ? [] : [BACKEND_HEADER, by]);
  let unsent = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const key = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    const name = key.toLowerCase();
    if (HOP_BY_HOP.has(name)) readConnection(reading, name, key, value);
    else if (name === UNSENT_HEADER) unsent = true;
    else if (name !== BACKEND_HEADER) reading.lines.push(key, value);
  }
  const { lines, chunked } = ended(reading, chunks);
  if (close !== null) lines.push('connection', close ? 'close' : 'keep-alive');
  return { lines, chunked, unsent };
}

/** Whether the answer to a request may come in chunks: who asked knows them, and it has a body. */
export function takesChunks(
  { method, httpVersion }: Pick<IncomingMessage, 'method' | 'httpVersion'>,
  status: number,
): boolean {
  return httpVersion !== '1.0' && method !== 'HEAD' && status !== 204 && status !== 304;
}

/** @param names in small letters */
export function without(lines: readonly string[], names: readonly string[]): string[] {
  const left: string[] = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const key = lines[at] ?? '';
    if (!names.includes(key.toLowerCase())) left.push(key, lines[at + 1] ?? '');
  }
  return left;
}

/** A head as it is written on a connection that HTTP has been taken off. */
export function headText(first: string, lines: readonly string[]): string {
  let text = `${first}\r\n`;
  for (let at = 0; at + 1 < lines.length; at += 2) text += `${lines[at]}: ${lines[at + 1]}\r\n`;
  return `${text}\r\n`;
}

const newReading = (lines: string[]): Reading => ({ lines, named: [], trailer: [], codings: '' });

function readConnection(reading: Reading, name: string, key: string, value: string): void {
  if (name === 'connection') addNames(reading.named, value);
  else if (name === 'transfer-encoding') reading.codings += reading.codings === '' ? value : `, ${value}`;
  else if (name === 'trailer') reading.trailer.push(key, value);
}

/** Nearly every `Connection` header says only how long the connection is to last. */
function addNames(named: string[], value: string): void {
  for (const part of value.toLowerCase().split(',')) {
    const name = part.trim();
    if (name !== '' && name !== 'close' && name !== 'keep-alive' && !NEVER_NAMED.has(name)) named.push(name);
  }
}

function ended({ lines, named, trailer, codings }: Reading, chunks: boolean): Head {
  const left = named.length === 0 ? lines : without(lines, named);
  const chunked = chunks && /(^|,)[\t ]*chunked[\t ]*$/i.test(codings);
  // Node writes the chunks when it is told so, and takes `trailer` with them only.
  if (chunked) left.push('transfer-encoding', codings, ...trailer);
  return { lines: left, chunked };
}
