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
}

export interface SocketAnswer {
  readonly status: number;
  readonly text: string;
}

/** One HTTP request over a Unix socket; null when nothing answers whole within the limit. */
export function askOverSocket({
  socketPath,
  method,
  path,
  body,
  limitMs,
  signal,
}: SocketRequest): Promise<SocketAnswer | null> {
  const limit = AbortSignal.timeout(limitMs);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const call = request(
      {
        socketPath,
        method,
        path,
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
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        // Broken off in the middle: closed without an end.
        response.on('close', () => resolve(null));
        response.on('error', () => resolve(null));
      },
    );
    call.on('error', () => resolve(null));
    call.end(text);
  });
}
