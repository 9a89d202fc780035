import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';

/** Sent as JSON. */
export interface ControlAnswer {
  readonly status: 200 | 400 | 404 | 409 | 413 | 500;
  readonly body: unknown;
}

export interface ControlServer {
  readonly socketPath: string;
  /** `METHOD /path` and its act, which is given what the body says in JSON; null: it is empty. */
  readonly acts: ReadonlyMap<string, (body: unknown) => ControlAnswer | Promise<ControlAnswer>>;
  /** Asked of whatever comes, before it is read; what it says is the answer. */
  before?(asked: string): ControlAnswer | null;
}

export const invalid: ControlAnswer = { status: 400, body: { error: 'invalid' } };
/** A configuration fits many times over. */
const MOST_BYTES = 64 * 1024;
const MOST_READ_BYTES = 1024 * 1024;

/** The control of a program of ours: HTTP over a Unix socket for this user alone (own-program.ts asks it). */
export async function openControlServer(control: ControlServer): Promise<Server> {
  const { socketPath } = control;
  const server = createServer((request, response) => {
    void answer(control, request, response).catch(() => response.destroy());
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 });
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return server;
}

async function answer(
  control: ControlServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method} ${request.url}`;
  const { status, body } = control.before?.(asked) ?? (await act(control, asked, request));
  // Over a kept connection the process of before would go on answering.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

async function act({ acts }: ControlServer, asked: string, request: IncomingMessage): Promise<ControlAnswer> {
  const wanted = acts.get(asked);
  if (wanted === undefined) return { status: 404, body: { error: { code: 'notFound', params: {} } } };
  const text = await textOf(request);
  if (text === null) return { status: 413, body: { error: 'too long' } };
  try {
    return await wanted(text === '' ? null : JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return invalid;
    return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

/** Null: longer than anything that is sent here, or broken off. Read to its end, or the answer would not arrive. */
function textOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= MOST_BYTES) pieces.push(piece);
      else if (size > MOST_READ_BYTES) request.destroy();
    });
    request.on('end', () => resolve(size > MOST_BYTES ? null : Buffer.concat(pieces).toString('utf8')));
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}
