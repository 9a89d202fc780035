import { linkSync, renameSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { nowMs } from '../net/wire.ts';
import { askSocket } from './haproxy.ts';

/** A weight on its way. */
export interface LateWeight {
  /** `BACKEND/SERVER`. */
  readonly server: string;
  readonly weight: number;
  /** When it was taken, and answered as done. */
  readonly takenMs: number;
  /** When HAProxy itself was told; null while it deals by the one before. */
  readonly servedMs: number | null;
}

export interface LateSocket {
  readonly weights: readonly LateWeight[];
  /** HAProxy's own socket is in its place again; what still waits is told to it now. */
  close(): Promise<void>;
}

const SET = /^set server (\S+) weight (\d+)$/;
const GET = /^get weight (\S+)$/;

/**
 * A fault between an engine and HAProxy: weights are taken, answered as done and read back as written, and HAProxy
 * hears of each only so much later. Everything else passes. It listens where the engine asks; HAProxy keeps its own
 * socket under another name, and nobody is refused in between.
 */
export async function openLateSocket(path: string, lateMs: number): Promise<LateSocket> {
  const aside = `${path}.own`;
  const lane = createLane(aside, lateMs);
  const server = createServer({ allowHalfOpen: true }, (client) => serve(client, lane.answer));
  await new Promise<void>((resolve) => server.listen(`${path}.late`, resolve));
  linkSync(path, aside);
  renameSync(`${path}.late`, path);
  return {
    weights: lane.weights,
    async close() {
      renameSync(aside, path);
      // The engine has another way by now, and what it said before comes before what it says next.
      await lane.flush(path);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Held = { -readonly [Key in keyof LateWeight]: LateWeight[Key] };

function createLane(aside: string, lateMs: number) {
  const weights: Held[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let socket = aside;
  let last: Promise<unknown> = Promise.resolve();
  const tell = (held: Held): void => {
    last = last.then(async () => {
      if (held.servedMs !== null) return;
      await askSocket(socket, `set server ${held.server} weight ${held.weight}`);
      held.servedMs = nowMs();
    });
  };
  const take = (server: string, weight: number): string => {
    const held: Held = { server, weight, takenMs: nowMs(), servedMs: null };
    weights.push(held);
    const timer = setTimeout(() => {
      timers.delete(timer);
      tell(held);
    }, lateMs);
    timers.add(timer);
    return '\n';
  };
  const answerOne = async (command: string): Promise<string> => {
    const [, server, weight] = SET.exec(command) ?? [];
    if (server !== undefined) return take(server, Number(weight));
    const reply = await askSocket(socket, command);
    const asked = GET.exec(command)?.[1];
    const held = weights.findLast((one) => one.server === asked && one.servedMs === null);
    return held === undefined ? reply : reply.replace(/^\d+/, String(held.weight));
  };
  return {
    weights,
    async answer(line: string): Promise<string> {
      const replies: string[] = [];
      for (const command of line.split(';')) replies.push(await answerOne(command));
      return replies.join('');
    },
    async flush(now: string): Promise<void> {
      socket = now;
      for (const timer of timers) clearTimeout(timer);
      for (const held of weights) tell(held);
      await last;
    },
  };
}

/** One line of commands, an answer to each, as HAProxy does it. */
function serve(client: Socket, answer: (line: string) => Promise<string>): void {
  let text = '';
  let isTaken = false;
  client.setEncoding('utf8');
  client.on('error', () => undefined);
  client.on('data', (chunk: string) => {
    text += chunk;
    if (isTaken || !text.includes('\n')) return;
    isTaken = true;
    answer(text.slice(0, text.indexOf('\n')).trim()).then(
      (reply) => client.end(reply),
      () => client.destroy(),
    );
  });
}
