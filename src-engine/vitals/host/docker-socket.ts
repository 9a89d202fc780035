import { request } from 'node:http';

/** An answer longer than this is not one that we asked for. */
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024;

/** One GET over Docker's Unix socket; null on any failure, or when it takes longer than the limit. */
export function dockerGet(socketPath: string, path: string, limitMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(limitMs);
    const asked = request({ socketPath, path, signal, headers: { host: 'docker' } }, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LONGEST_ANSWER_BYTES) asked.destroy();
        else chunks.push(chunk);
      });
      answer.on('end', () => resolve(answer.statusCode === 200 ? parsed(Buffer.concat(chunks)) : null));
      answer.on('close', () => resolve(null));
      answer.on('error', () => resolve(null));
    });
    asked.on('error', () => resolve(null));
    asked.end();
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
