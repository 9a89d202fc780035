import { request } from 'node:http';

/** An answer longer than this is not one that we asked for. */
const LONGEST_ANSWER_BYTES = 8 * 1024 * 1024;

export interface SocketRequest {
  readonly socketPath: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** On a connection of its own: one that was kept may be of a daemon that is gone. */
  readonly isFresh?: boolean;
}

export interface SocketAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * How a request ended. `refused`: nobody listens there. `denied`: somebody may, and this user may not ask.
 * `timedOut`: nothing whole came within the limit. `broken`: the answer broke off, or whatever else went wrong.
 */
export type SocketOutcome =
  | { readonly is: 'answered'; readonly answer: SocketAnswer }
  | { readonly is: 'refused' | 'denied' | 'timedOut' | 'broken' };

/** One HTTP request over a Unix socket; null when nothing answers whole within the limit. */
export async function askOverSocket(asked: SocketRequest): Promise<SocketAnswer | null> {
  const outcome = await tryOverSocket(asked);
  return outcome.is === 'answered' ? outcome.answer : null;
}

/** The same, with what came instead of an answer. */
export function tryOverSocket({
  socketPath,
  method,
  path,
  body,
  limitMs,
  signal,
  isFresh,
}: SocketRequest): Promise<SocketOutcome> {
  const limit = AbortSignal.timeout(limitMs);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const endedBy = (error?: NodeJS.ErrnoException): void =>
      resolve({ is: limit.aborted ? 'timedOut' : whyNone(error?.code) });
    const call = request(
      {
        socketPath,
        method,
        path,
        ...(isFresh === true ? { agent: false as const } : {}),
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
        headers:
          text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LONGEST_ANSWER_BYTES) call.destroy();
          else chunks.push(chunk);
        });
        response.on('end', () => {
          const whole = Buffer.concat(chunks).toString('utf8');
          resolve({ is: 'answered', answer: { status: response.statusCode ?? 0, text: whole } });
        });
        // Broken off in the middle: closed without an end.
        response.on('close', () => endedBy());
        response.on('error', endedBy);
      },
    );
    call.on('error', endedBy);
    call.end(text);
  });
}

/** What an error of the connection says: only a socket that is gone, or that nobody has open, is surely nobody's. */
export function whyNone(code: string | undefined): 'refused' | 'denied' | 'broken' {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'refused';
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'broken';
}
