import { connect } from 'node:net';

/** A round trip takes 0.5 ms, 10 ms at the most (research/haproxy.md, section A); a busy machine gets more. */
const COMMAND_LIMIT_MS = 1000;
/** `show stat` of a front of ours is under 10 kB. */
const LONGEST_REPLY_BYTES = 1024 * 1024;

/**
 * Asks the HAProxy behind a socket, all of it in one connection and so of one process: the answers stand one after
 * another in the text (`repliesIn`). Null: nobody answered whole.
 */
export type AskHaproxy = (...commands: readonly string[]) => Promise<string | null>;

export interface SocketOptions {
  readonly limitMs?: number;
}

/**
 * HAProxy's runtime socket: one line of commands per connection. It answers and closes; an answer that was cut by a
 * limit, or a connection that broke, is none.
 */
export function runtimeSocket(path: string, { limitMs = COMMAND_LIMIT_MS }: SocketOptions = {}): AskHaproxy {
  return (...commands) =>
    new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const socket = connect(path);
      const limit = setTimeout(() => end(null), limitMs);
      function end(reply: string | null): void {
        clearTimeout(limit);
        resolve(reply);
        socket.destroy();
      }
      // Its own end stays open: HAProxy drops what it has not answered yet when the asker hangs up.
      socket.on('connect', () => socket.write(`${commands.map(oneCommand).join(';')}\n`));
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LONGEST_REPLY_BYTES) end(null);
      });
      // A process that dies after it took the command ends its connection too, with nothing said.
      socket.on('end', () => end(size === 0 ? null : Buffer.concat(chunks).toString('utf8')));
      socket.on('error', () => end(null));
      socket.on('close', () => end(null));
    });
}

/** Nothing in a command ends its line or begins another one. */
function oneCommand(command: string): string {
  return command.replaceAll(/[\r\n;]/g, ' ');
}
