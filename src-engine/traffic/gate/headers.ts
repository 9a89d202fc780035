import { UNSENT_HEADER } from '../ports.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1). `trailer` and `te` are judged below. */
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
/** Not to be taken away by a `Connection` header that names them: they say where a message ends and who it is for. */
const NEVER_NAMED = new Set(['host', 'content-length', 'transfer-encoding', 'x-forwarded-for']);
/** A request of these has no body unless it says so; of others a missing length must be written as 0. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** Names and values in turn, as Node's `rawHeaders`, in their order. */
export interface Head {
  readonly lines: string[];
  /** The body comes in chunks, and may end with trailers. */
  readonly chunked: boolean;
  readonly hasBody: boolean;
}

/**
 * What the workload gets. `expect` is gone: Node has answered it.
 *
 * @param host for a request of HTTP/1.0 that names none: it is passed on as 1.1, which must
 */
export function requestHead(raw: readonly string[], method: string, host: string): Head {
  const head = passedOn(raw, new Set(['expect']), (value) => value.trim().toLowerCase() === 'trailers');
  const isLong = head.lines.some(
    (key, at) => at % 2 === 0 && key.toLowerCase() === 'content-length' && head.lines[at + 1]?.trim() !== '0',
  );
  const hasLength = head.lines.some((key, at) => at % 2 === 0 && key.toLowerCase() === 'content-length');
  if (!head.lines.some((key, at) => at % 2 === 0 && key.toLowerCase() === 'host'))
    head.lines.push('host', host);
  if (!head.chunked && !hasLength && !BODILESS.has(method)) head.lines.push('content-length', '0');
  return { ...head, hasBody: head.chunked || isLong };
}

/**
 * What the core's front gets. `UNSENT_HEADER` is the gate's own word: a workload that said it would have its
 * requests executed twice. `connection` is always written, or Node would announce a `keep-alive` time-out, with
 * which clients leave the FRONT (research/haproxy.md, A).
 *
 * @param chunks the asker understands them (not HTTP/1.0)
 */
export function answerHead(
  raw: readonly string[],
  { close, chunks }: { readonly close: boolean; readonly chunks: boolean },
): Head {
  const { lines, chunked, hasBody } = passedOn(raw, new Set([UNSENT_HEADER]), () => false);
  lines.push('connection', close ? 'close' : 'keep-alive');
  if (!chunked || chunks) return { lines, chunked, hasBody };
  return { lines: without(lines, ['transfer-encoding', 'trailer']), chunked: false, hasBody };
}

function passedOn(
  raw: readonly string[],
  leftOut: ReadonlySet<string>,
  keepsTe: (te: string) => boolean,
): Head {
  const lines: string[] = [];
  const named: string[] = [];
  const trailer: string[] = [];
  let chunked = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const key = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    const name = key.toLowerCase();
    if (name === 'connection') named.push(...namesIn(value));
    else if (name === 'transfer-encoding') chunked ||= /\bchunked\b/i.test(value);
    else if (name === 'trailer') trailer.push(key, value);
    else if (name === 'te' ? keepsTe(value) : !HOP_BY_HOP.has(name) && !leftOut.has(name))
      lines.push(key, value);
  }
  const left = named.length === 0 ? lines : without(lines, named);
  // Node writes the chunks when it is told so, and takes `trailer` with them only.
  if (chunked) left.push('transfer-encoding', 'chunked', ...trailer);
  return { lines: left, chunked, hasBody: chunked };
}

/** Nearly every `Connection` header says only how long the connection is to last. */
function namesIn(connection: string): string[] {
  return connection
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((name) => !['', 'close', 'keep-alive', 'te'].includes(name) && !NEVER_NAMED.has(name));
}

function without(lines: readonly string[], names: readonly string[]): string[] {
  return lines.filter((_line, at) => !names.includes((lines[at - (at % 2)] ?? '').toLowerCase()));
}

/** `rawTrailers` as Node's `addTrailers` takes them. */
export function trailerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs;
}
