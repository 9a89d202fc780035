import { connect, type Socket } from 'node:net';
import { nowMs } from '../../src-demo/load/now.ts';
import { wholeAnswer } from './handoff-answer.ts';

/** What became of a request. */
export interface Outcome {
  /** Null when there was no whole answer. */
  readonly status: number | null;
  readonly body: string;
  /** Of the connection; null when it was answered. */
  readonly failure: string | null;
}

/** Kept HTTP/1.1 connections, one request at a time on each, as many as are needed at once. */
export interface Pool {
  send(request: string, told: (outcome: Outcome) => void): void;
}

interface Line {
  readonly socket: Socket;
  text: string;
  told: ((outcome: Outcome) => void) | null;
  sinceMs: number;
  isGone: boolean;
}

interface Lines {
  /** The one that was used last at the end: the others grow old and go. */
  readonly free: Line[];
  readonly all: Set<Line>;
}

/** Well before a front closes it: a request that meets the close would be lost for another reason. */
const IDLE_MS = 20_000;
const SWEEP_MS = 100;

/** @param giveUpMs what is not answered by then ends as `timedOut` */
export function openPool(host: string, port: number, giveUpMs: number): Pool {
  const lines: Lines = { free: [], all: new Set() };
  setInterval(() => {
    for (const line of lines.all)
      if (line.told !== null && nowMs() - line.sinceMs > giveUpMs) end(lines, line, 'timedOut');
  }, SWEEP_MS);
  return {
    send(request, told) {
      const line = idle(lines) ?? open(lines, host, port);
      line.told = told;
      line.sinceMs = nowMs();
      line.socket.write(request);
    },
  };
}

function open(lines: Lines, host: string, port: number): Line {
  const socket = connect({ host, port, noDelay: true });
  const line: Line = { socket, text: '', told: null, sinceMs: nowMs(), isGone: false };
  lines.all.add(line);
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => hear(lines, line, chunk));
  socket.on('end', () => end(lines, line, 'closed'));
  socket.on('error', (error: NodeJS.ErrnoException) => end(lines, line, error.code ?? error.message));
  socket.on('close', () => end(lines, line, 'closed'));
  return line;
}

function idle(lines: Lines): Line | undefined {
  for (let line = lines.free.pop(); line !== undefined; line = lines.free.pop()) {
    if (line.isGone) continue;
    if (nowMs() - line.sinceMs < IDLE_MS) return line;
    end(lines, line, 'idle');
  }
  return undefined;
}

function hear(lines: Lines, line: Line, chunk: string): void {
  line.text += chunk;
  const answer = wholeAnswer(line.text);
  const { told } = line;
  // A front that says something unasked (408) closes behind it.
  if (told === null || answer === null) return;
  line.text = '';
  line.told = null;
  line.sinceMs = nowMs();
  if (answer.isKept) lines.free.push(line);
  else end(lines, line, 'closed');
  told({ status: answer.status, body: answer.body, failure: null });
}

function end(lines: Lines, line: Line, failure: string): void {
  if (line.isGone) return;
  line.isGone = true;
  lines.all.delete(line);
  line.socket.destroy();
  line.told?.({ status: null, body: '', failure });
  line.told = null;
}
