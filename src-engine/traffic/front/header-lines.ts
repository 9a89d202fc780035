import type { Side } from '../../../src-shared/world/traffic.ts';
import { BACKEND_HEADER, PROBE_HEADER, UNSENT_HEADER } from '../ports.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1), and `trailer`, since trailers are not passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Not to be taken away by a `Connection` header that names them: they say where the message ends and who it is for. */
const NEVER_NAMED = new Set(['host', 'content-length', 'transfer-encoding', 'x-forwarded-for']);
/** A request of these has no body unless it says so; of others a missing length must be written as 0. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** The head of a request as it is passed on: names and values in turn, as Node's `rawHeaders`. */
export interface RequestHead {
  readonly lines: string[];
  readonly hasBody: boolean;
  /** One of ours: not counted as traffic. */
  readonly probe: boolean;
}

/**
 * Hop-by-hop headers are taken away, `x-forwarded-for` is added, all else stays as it is, in its order.
 * `transfer-encoding` stays: the body is passed on in chunks as it came. `expect` does not: Node has answered it.
 */
export function requestHead(raw: readonly string[], method: string, from: string): RequestHead {
  const lines: string[] = [];
  const named: string[] = [];
  let way = '';
  let hasBody = false;
  let hasLength = false;
  let hasHost = false;
  let probe = false;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const key = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const name = key.toLowerCase();
    if (name === 'connection') addNames(named, value);
    else if (name === 'x-forwarded-for') way += `${value}, `;
    else if (name === 'transfer-encoding') {
      hasBody = true;
      lines.push(key, value);
    } else if (!HOP_BY_HOP.has(name) && name !== 'expect') {
      if (name === 'content-length') {
        hasLength = true;
        hasBody ||= value.trim() !== '0';
      } else if (name === PROBE_HEADER) probe = true;
      else if (name === 'host') hasHost = true;
      lines.push(key, value);
    }
  }
  // HTTP/1.0 need not say it; we speak 1.1, which must.
  if (!hasHost) lines.push('host', 'localhost');
  if (!hasBody && !hasLength && !BODILESS.has(method)) lines.push('content-length', '0');
  lines.push('x-forwarded-for', way + from);
  return { lines: named.length === 0 ? lines : without(lines, named), hasBody, probe };
}

/** The head of an answer as the client gets it, with the side that gave it. Node frames the body anew. */
export function answerLines(raw: readonly string[], side: Side): string[] {
  const lines: string[] = [BACKEND_HEADER, side];
  const named: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const key = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const name = key.toLowerCase();
    if (name === 'connection') addNames(named, value);
    else if (!HOP_BY_HOP.has(name) && name !== BACKEND_HEADER && name !== UNSENT_HEADER)
      lines.push(key, value);
  }
  return named.length === 0 ? lines : without(lines, named);
}

/** Nearly every `Connection` header says only how long the connection is to last. */
function addNames(named: string[], value: string): void {
  for (const part of value.toLowerCase().split(',')) {
    const name = part.trim();
    if (name !== '' && name !== 'close' && name !== 'keep-alive' && !NEVER_NAMED.has(name)) named.push(name);
  }
}

function without(lines: readonly string[], named: readonly string[]): string[] {
  const left: string[] = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const key = lines[index] ?? '';
    if (!named.includes(key.toLowerCase())) left.push(key, lines[index + 1] ?? '');
  }
  return left;
}
