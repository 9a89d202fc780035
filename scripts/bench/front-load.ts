import { connect, type Socket } from 'node:net';

/** What a load saw. */
export interface Seen {
  /** From the writing of a request to the last byte of its answer, microseconds, ascending. */
  readonly latenciesUs: Float64Array;
  /** Answered with 200. */
  readonly requests: number;
  /** Another status, or a connection that ended before its answer. */
  readonly lost: number;
  readonly seconds: number;
}

/** A load that goes on until it is told to end. */
export interface OpenLoop {
  /** Answered so far. */
  answered(): number;
  /** Begins no more, waits for what is under way. */
  end(): Promise<Seen>;
}

/** A browser's request, without its cookies: a front works on each of these lines. */
const REQUEST = Buffer.from(
  [
    'GET /work HTTP/1.1',
    'Host: bench.test',
    'User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)',
    'Accept: text/html,application/xhtml+xml',
    'Accept-Encoding: gzip, deflate, br',
    'Accept-Language: en',
    '',
    '',
  ].join('\r\n'),
);
const MOST_LINES = 512;
const TICK_MS = 1;
/** Memory for the latencies of the longest run at the highest rate that two cores do. */
const MOST_PER_SECOND = 80_000;

interface Line {
  readonly socket: Socket;
  sentMs: number;
  busy: boolean;
  /** The head of the answer as far as it came. */
  head: string;
  /** Of its body, still to come; null: the head is not whole. */
  left: number | null;
}

interface Run {
  readonly port: number;
  latencies: Float64Array;
  requests: number;
  lost: number;
  /** Called with a line whose answer is whole. */
  free(line: Line): void;
}

/** So many connections, each with its next request as soon as it has its answer. */
export async function closedLoop(port: number, connections: number, seconds: number): Promise<Seen> {
  const run = newRun(port, seconds * MOST_PER_SECOND);
  const lines = Array.from({ length: connections }, () => openLine(run));
  await Promise.all(lines.map(connected));
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  await new Promise<void>((resolve) => {
    let open = lines.length;
    run.free = (line) => {
      if (performance.now() < endMs && !line.socket.destroyed) send(line);
      else if ((open -= 1) === 0) resolve();
    };
    for (const line of lines) send(line);
  });
  return seenBy(run, lines, startMs);
}

/**
 * So many requests a second, begun on time whether or not earlier ones were answered. Latency counts from the
 * writing: a stall of this process delays the requests behind it, and is not the front's.
 */
export function openLoop(port: number, perSecond: number, mostSeconds: number): OpenLoop {
  const run = newRun(port, perSecond * mostSeconds + 1);
  const idle: Line[] = [];
  const lines: Line[] = [];
  run.free = (line) => void (line.socket.destroyed || idle.push(line));
  const startMs = performance.now();
  let begun = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - startMs) * perSecond) / 1000; begun < due; begun += 1) {
      let line = idle.pop();
      while (line?.socket.destroyed === true) line = idle.pop();
      if (line === undefined && lines.length < MOST_LINES) lines.push((line = openLine(run)));
      if (line === undefined) run.lost += 1;
      else send(line);
    }
  }, TICK_MS);
  return {
    answered: () => run.requests,
    async end() {
      clearInterval(timer);
      while (run.requests + run.lost < begun) await new Promise((resolve) => setTimeout(resolve, 5));
      return seenBy(run, lines, startMs);
    },
  };
}

/** The value below which this share of all lies, 0..1; NaN of none. */
export function quantileOf(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function newRun(port: number, most: number): Run {
  return { port, latencies: new Float64Array(most), requests: 0, lost: 0, free: () => undefined };
}

function seenBy(run: Run, lines: readonly Line[], startMs: number): Seen {
  const seconds = (performance.now() - startMs) / 1000;
  for (const { socket } of lines) socket.destroy();
  return {
    latenciesUs: run.latencies.slice(0, run.requests).sort(),
    requests: run.requests,
    lost: run.lost,
    seconds,
  };
}

function openLine(run: Run): Line {
  const socket = connect({ host: '127.0.0.1', port: run.port, noDelay: true });
  const line: Line = { socket, sentMs: 0, busy: false, head: '', left: null };
  socket.on('data', (chunk: Buffer) => hear(run, line, chunk));
  socket.on('error', () => undefined);
  socket.once('close', () => {
    if (!line.busy) return;
    run.lost += 1;
    line.busy = false;
    run.free(line);
  });
  return line;
}

function connected({ socket }: Line): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}

function send(line: Line): void {
  line.busy = true;
  line.head = '';
  line.left = null;
  line.sentMs = performance.now();
  line.socket.write(REQUEST);
}

/** Reads just as much of the answer as tells its end. */
function hear(run: Run, line: Line, chunk: Buffer): void {
  if (line.left === null) {
    line.head += chunk.toString('latin1');
    const end = line.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\ncontent-length: *(\d+)/i.exec(line.head)?.[1];
    if (length === undefined) return void line.socket.destroy();
    line.left = Number(length) - (line.head.length - end - 4);
  } else line.left -= chunk.length;
  if (line.left > 0) return;
  line.busy = false;
  if (line.head.startsWith('200', 9)) {
    run.latencies[run.requests] = (performance.now() - line.sentMs) * 1000;
    run.requests += 1;
  } else run.lost += 1;
  run.free(line);
}
