import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import type { Result } from '../../../src-shared/errors/result.ts';

/** A configuration fits many times over. */
const LONGEST_BODY_BYTES = 256 * 1024;

/** What may be asked: `METHOD /path` and its act. What it answers is sent as JSON; a refusal with status 400. */
export type Acts = Readonly<Record<string, (body: unknown) => Result<unknown> | Promise<Result<unknown>>>>;

/** The control server: HTTP over a Unix socket for this user alone. */
export async function openControl(socketPath: string, acts: Acts): Promise<Server> {
  const server = createServer((request, response) => {
    void reply(request, response, acts).catch(() => response.destroy());
  });
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 });
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return server;
}

async function reply(request: IncomingMessage, response: ServerResponse, acts: Acts): Promise<void> {
  const act = acts[`${request.method} ${request.url}`];
  const body = await bodyOf(request);
  const answer = act === undefined ? null : await act(body);
  const status = answer === null ? 404 : answer.ok ? 200 : 400;
  const text = JSON.stringify(
    answer === null
      ? { error: { code: 'notFound', params: {} } }
      : answer.ok
        ? answer.value
        : { error: answer.error },
  );
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  response.end(text);
}

/** Undefined when it is none, or no JSON: its act refuses it then. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY_BYTES) throw new Error('too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
