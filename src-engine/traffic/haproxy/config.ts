import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares, Side } from '../../../src-shared/world/traffic.ts';
import {
  BACKEND_HEADER,
  GATE_READY_PATH,
  PROBE_HEADER,
  type Address,
  type FrontConfig,
  type PairTls,
} from '../ports.ts';
import { BACKENDS, type Backend } from './servers.ts';
import { weightsOf } from './weights.ts';

/** What a configuration of HAProxy is written from. The weights are those of now: a start never brings old ones back. */
export interface ConfigInput {
  readonly front: FrontConfig;
  readonly shares: Shares;
  /** The edge is dead or gone: it stays out until it is revived, also when HAProxy dies and starts again. */
  readonly edgeOut: boolean;
  readonly socketPath: string;
  readonly os: NodeJS.Platform;
}

/** New requests to a dead edge wait this long for its connection and its handshake before they go to the core. */
export const CONNECT_MS = 300;

/**
 * The whole configuration. Every setting was measured: research/haproxy.md (letters are its sections).
 * Errors: `backendInvalid` for an address or a health path that HAProxy would read as something else.
 */
export function configText(input: ConfigInput): Result<string> {
  const wrong = wrongIn(input.front);
  if (wrong !== null) return fail('backendInvalid', { address: wrong });
  const body = bodyOf(input);
  return ok(`${HEAD}# sha256 ${sha256(body)}\n${body}`);
}

/**
 * What a configuration says besides the weights: HAProxy carries it as its description, so that a process
 * which is adopted tells by itself what it was started with.
 */
export function shapeOf(input: ConfigInput): string {
  const neutral = { ...input, shares: { core: 0, edge: 0 }, edgeOut: false };
  // Another pin is another certificate in the same file.
  const pin = input.front.edge?.tls.peerPin ?? '';
  return `tandem ${sha256([...linesOf(neutral, ''), pin].join('\n')).slice(0, 16)}`;
}

/** The file is not as it was written: somebody edited it, or it was cut. */
export function wasEdited(text: string): boolean {
  const [, sum, body] = /^(?:# .*\n)*?# sha256 ([0-9a-f]{64})\n([^]*)$/.exec(text) ?? [];
  return body === undefined || sha256(body) !== sum;
}

const HEAD =
  '# Written by Tandem with the weights of that moment, before each start of HAProxy: changes are overwritten.\n';

function bodyOf(input: ConfigInput): string {
  return `${linesOf(input, shapeOf(input)).join('\n')}\n`;
}

function linesOf(input: ConfigInput, description: string): string[] {
  const { front } = input;
  return [
    ...globalLines(input, description),
    ...defaultLines,
    'frontend fe',
    `  bind ${written(front.listen)}`,
    ...(front.edge === null ? [] : [overflow('bp', '!METH_GET'), overflow('be', 'METH_GET')]),
    // Kept connections carry four times as much; but a request on a kept connection to an edge that has just
    // died is lost, and only GET and HEAD (METH_GET is both) may be sent again (last section).
    '  use_backend bp if !METH_GET',
    '  default_backend be',
    ...trafficLines('be', input),
    ...trafficLines('bp', input),
    ...(front.edge === null ? [] : BACKENDS.flatMap((backend) => overflowLines(backend, input))),
    ...checkLines('cc', 'core', front.core, front.core.healthPath, ''),
    ...(front.edge === null
      ? []
      : checkLines('ce', 'edge', front.edge, GATE_READY_PATH, ` ${tlsWords(front.edge.tls)}`)),
  ];
}

function globalLines({ socketPath }: ConfigInput, description: string): string[] {
  return [
    'global',
    ...(description === '' ? [] : [`  description ${description}`]),
    // Mode 600 in a folder of mode 700 (E). The next process takes the listening sockets over by it: a reload
    // then loses nothing (D).
    `  stats socket ${quoted(socketPath)} mode 600 level admin expose-fd listeners`,
    '  stats timeout 1h',
    // Above this the limit of open files, 256 on a Mac, can be fatal for who is not root (E).
    '  maxconn 2000',
    // By default no idle connection is kept once 20 % of all files are open: with 400 slow requests under way every GET
    // would make a handshake with the edge.
    '  tune.pool-low-fd-ratio 70',
    '  tune.pool-high-fd-ratio 80',
    // One thread carries 20,000 requests a second and more (C), and deals them in one round.
    '  nbthread 1',
    // With SO_REUSEPORT another HAProxy on the same port would share its requests silently instead of being noticed.
    '  noreuseport',
    // After a reload the old process lives as long as its last stream, as `timeout tunnel` bounds it.
    '  hard-stop-after 1h',
  ];
}

/** No `log` line: HAProxy writes none; requests are counted, not listed. */
const defaultLines = [
  'defaults',
  '  mode http',
  // A reload without it cost an idle client its connection just as it used it: 3 of 5,573; with it 0 (D).
  '  option idle-close-on-response',
  '  timeout client 75s',
  '  timeout http-keep-alive 60s',
  `  timeout connect ${CONNECT_MS}ms`,
  // Never shortened to notice a death: it would repeat every GET that is slow by right (B).
  '  timeout server 120s',
  '  timeout tunnel 1h',
  '  timeout check 500ms',
];

const dealingLines = (backend: Backend): string[] => [
  '  balance roundrobin',
  `  http-reuse ${REUSE[backend]}`,
  // A request that found no connection goes to the other side at its first retry.
  '  option redispatch 1',
  '  retries 2',
  `  retry-on ${RETRY_ON[backend]}`,
  // Node advertises its own time-out for idle connections, and clients would take it for the front's (A).
  '  http-response del-header keep-alive',
  `  http-response set-header ${BACKEND_HEADER} core`,
];

function trafficLines(backend: Backend, { front, shares, edgeOut, os }: ConfigInput): string[] {
  const core = written(front.core);
  const weights = weightsOf(shares);
  return [
    `backend ${backend}`,
    ...dealingLines(backend),
    `  http-response set-header ${BACKEND_HEADER} edge if { srv_name edge }`,
    `  server core ${core} weight ${weights.core} track cc/core`,
    ...(front.edge === null
      ? []
      : [
          [
            `  server edge ${written(front.edge)} weight ${weights.edge} track ce/edge`,
            tlsWords(front.edge.tls),
            edgeWords(backend, os),
            ...(edgeOut ? ['disabled'] : []),
          ].join(' '),
        ]),
    // After a start one failed check takes a side down, whatever `fall` says; and a core that is busy for 2 s is
    // better than nobody. Unchecked, it serves when nobody else may.
    `  server last ${core} backup`,
  ];
}

/**
 * `empty-response` saves the GETs that `shutdown sessions` ends on a dead edge (B). A POST may have been executed
 * by then: never twice. 425, Too Early, is by its meaning an answer of who has not executed it.
 */
const RETRY_ON: Record<Backend, string> = {
  be: 'conn-failure empty-response 425',
  bp: 'conn-failure 425',
};

/**
 * A client's first request may go out on a connection that is there, too: with `safe` each new client would cost a
 * handshake with the edge, and a busy moment brings hundreds of them. What is lost on a connection that ended just
 * then is sent again: `be` carries nothing but GET and HEAD.
 */
const REUSE: Record<Backend, string> = { be: 'always', bp: 'safe' };

/**
 * Requests under way on the edge, GETs and others, from which on what comes goes to the core. Without it a moment in
 * which the edge falls behind opens a connection for each request that waits, the handshakes take what time it has,
 * and it never catches up (2,000 requests a second on two cores: 1,200 handshakes a second, for as long as the load
 * went on). Not by `maxconn`: a backend whose servers are full queues, and what is queued is lost to `last`.
 */
const MOST_AT_EDGE: Record<Backend, number> = { be: 384, bp: 128 };

/** The core alone, for what is too much for the edge. */
const OVERFLOW: Record<Backend, string> = { be: 'oe', bp: 'op' };

/**
 * A core that is down takes nothing over: then the edge gets all there is. Our own probes go where the weights say,
 * since they prove them.
 */
const overflow = (backend: Backend, method: string): string =>
  `  use_backend ${OVERFLOW[backend]} if ${method} { srv_conn(${backend}/edge) ge ${MOST_AT_EDGE[backend]} }` +
  ` { srv_is_up(cc/core) } !{ req.hdr(${PROBE_HEADER}) -m found }`;

function overflowLines(backend: Backend, { front }: ConfigInput): string[] {
  const core = written(front.core);
  return [
    `backend ${OVERFLOW[backend]}`,
    ...dealingLines(backend),
    `  server core ${core} track cc/core`,
    `  server last ${core} backup`,
  ];
}

/** How connections to the edge are kept. */
function edgeWords(backend: Backend, os: NodeJS.Platform): string {
  // Every request opens its own: one that goes out after the death is a failed connect, and moves (B, V13).
  if (backend === 'bp') return 'pool-max-conn 0';
  // By default no more are kept than were in use at once half a minute ago: after a start none. That this word has
  // more kept is how HAProxy releases connections, with one thread all that it does; each 30 s half of them go.
  const kept = `pool-purge-delay 30s pool-low-conn ${MOST_AT_EDGE[backend]}`;
  // The kernel gives up on what is not acknowledged for 1 s: halves the slowest surviving GET. Linux alone has it.
  return os === 'linux' ? `${kept} tcp-ut 1000` : kept;
}

/** Each shows its own certificate, and takes exactly the other Mac's: it is the only authority there is. */
function tlsWords({ ownPemFile, peerPemFile }: PairTls): string {
  return `ssl verify required ca-file ${quoted(peerPemFile)} crt ${quoted(ownPemFile)} ssl-min-ver TLSv1.3`;
}

/**
 * A backend without traffic, whose checks the traffic's servers track: a backend has one check, and the sides
 * answer on different paths. 2xx and 3xx are healthy. Down after 4 failures, 2 s; the link decides at 2.5 s.
 */
function checkLines(name: string, side: Side, address: Address, path: string, tls: string): string[] {
  const host = quoted(written(address));
  return [
    `backend ${name}`,
    '  option httpchk',
    `  http-check send meth GET uri ${quoted(path)} ver HTTP/1.1 hdr host ${host} hdr ${PROBE_HEADER} check`,
    `  server ${side} ${written(address)} check inter 500 fall 4 rise 2${tls}`,
  ];
}

/** `HOST:PORT` as HAProxy reads it. */
function written({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** One word, whatever is in it: a home on a Mac has a blank in its path. Nothing is expanded in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The first address or path that could be read as more than itself; null when all are plain. */
function wrongIn(front: FrontConfig): string | null {
  for (const address of [front.listen, front.core, ...(front.edge === null ? [] : [front.edge])]) {
    const port = Number.isInteger(address.port) && address.port >= 1 && address.port <= 65_535;
    if (!port || !/^[\w.:-]+$/.test(address.host)) return `${address.host}:${address.port}`;
  }
  if (!/^\/[\x21-\x7e]*$/.test(front.core.healthPath)) return front.core.healthPath;
  const files = front.edge === null ? [] : [front.edge.tls.ownPemFile, front.edge.tls.peerPemFile];
  return files.find((file) => /[\r\n\0]/.test(file)) ?? null;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
