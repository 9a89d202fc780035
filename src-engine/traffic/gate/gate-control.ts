import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { gateViewOf } from './gate-document.ts';
import { gateWishSchema, type GateWish, type Told } from './gate-config.ts';
import type { Gate } from './gate.ts';

export interface ControlPorts {
  readonly gate: Gate;
  /** Tells the gate and writes it down: a restart comes back so. */
  tell(told: Told): Promise<void>;
  use(wish: GateWish): Promise<Problem | null>;
  stop(): void;
}

const readySchema = z.object({ ready: z.boolean(), why: z.enum(['leaving', 'stayOut']).nullable() });
const MOST_BYTES = 64 * 1024;
const MOST_READ_BYTES = 1024 * 1024;

interface Answer {
  readonly status: 200 | 400 | 404 | 409 | 413 | 500;
  readonly body: unknown;
}
type Act = (body: unknown) => Promise<Answer> | Answer;

/** The gate's control: GET /state, POST /ready, /cut, /config and /stop on a 0600 socket. */
export async function openGateControl(ports: ControlPorts, socketPath: string): Promise<Server> {
  const acts = actsOf(ports);
  const server = createServer((request, response) => {
    void answer(ports, acts, request, response);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return server;
}

function actsOf(ports: ControlPorts): ReadonlyMap<string, Act> {
  const { gate } = ports;
  const state = (): Answer => ({ status: 200, body: gateViewOf(gate) });
  return new Map<string, Act>([
    ['GET /state', state],
    [
      'POST /ready',
      async (body) => {
        const wanted = readySchema.safeParse(body);
        if (!wanted.success) return invalid;
        const { ready, why } = wanted.data;
        await ports.tell(ready ? null : (why ?? 'stayOut'));
        return state();
      },
    ],
    ['POST /cut', () => ({ status: 200, body: { cut: gate.cut() } })],
    [
      'POST /config',
      async (body) => {
        const wish = gateWishSchema.safeParse(body);
        if (!wish.success) return invalid;
        const problem = await ports.use(wish.data);
        return problem === null ? state() : { status: 409, body: { problem } };
      },
    ],
    [
      'POST /stop',
      () => {
        setImmediate(ports.stop);
        return state();
      },
    ],
  ]);
}

const invalid: Answer = { status: 400, body: { error: 'invalid' } };

async function answer(
  { gate }: ControlPorts,
  acts: ReadonlyMap<string, Act>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A word that waited in the socket while this process was paused is of before: "ready" would undo the guard.
  const isLate = gate.pausedNow() && request.method === 'POST' && request.url !== '/stop';
  const { status, body } = isLate ? { status: 409, body: { paused: true } } : await act(acts, request);
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

async function act(acts: ReadonlyMap<string, Act>, request: IncomingMessage): Promise<Answer> {
  const wanted = acts.get(`${request.method} ${request.url}`);
  if (wanted === undefined) return { status: 404, body: { error: 'unknown' } };
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
