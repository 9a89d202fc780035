import { JSONRPCClient, JSONRPCErrorException, type JSONRPCResponse } from 'json-rpc-2.0';
import { readlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  events,
  isEvent,
  type EventName,
  type EventPayload,
  type Input,
  type Method,
  type Output,
} from '../../src-shared/commands/registry.ts';
import { isErrorCode } from '../../src-shared/errors/codes.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { pause, systemScheduler, type Scheduler } from './clock.ts';
import type { Home } from './home.ts';
import { lineSplitter } from './line-splitter.ts';

/** A typed way to an engine: used by the app, the command line and tests alike. */
export interface EngineClient {
  /** @param limitMs `engineLost` when no answer came by then; without it a quick method has the client's own limit */
  call<M extends Method>(method: M, input: Input<M>, limitMs?: number): Promise<Result<Output<M>>>;
  /** Returns a function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Resolves when the engine is gone. */
  readonly closed: Promise<void>;
  close(): void;
}

/** What an engine sends may be long: a history of a year. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** What an engine answers from memory or a small file: no answer for this long means that it hangs. */
const QUICK_LIMIT_MS = 15_000;
const quickMethods: ReadonlySet<Method> = new Set<Method>([
  'engine.info',
  'engine.stop',
  'status.get',
  'status.subscribe',
  'settings.get',
  'history.follow',
]);

/** Connects to the engine of a home; `engineNotRunning` when there is none. */
export async function connectToEngine(home: Home): Promise<Result<EngineClient>> {
  const socket = await open(await shortPath(home.socket));
  return socket === null
    ? fail('engineNotRunning')
    : ok(clientOver(socket, { quickLimitMs: QUICK_LIMIT_MS }));
}

/** A long path is a link to a short one (design decision 18); the kernel wants the short one. */
async function shortPath(path: string): Promise<string> {
  return readlink(path).catch(() => path);
}

function open(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

export interface ClientOptions {
  readonly scheduler?: Scheduler;
  /** For methods that never take long; none for a one-shot engine, whose first look is in every answer. */
  readonly quickLimitMs?: number;
}

/** The client over any stream of lines; a socket, or the pipes of a one-shot engine. */
export function clientOver(stream: Duplex, options: ClientOptions = {}): EngineClient {
  const { scheduler = systemScheduler, quickLimitMs } = options;
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const rpc = new JSONRPCClient((request) => void stream.write(`${JSON.stringify(request)}\n`));
  const closed = new Promise<void>((resolve) => {
    stream.once('close', () => {
      rpc.rejectAllPendingRequests('engine lost');
      resolve();
    });
  });
  stream.on('error', () => stream.destroy());
  stream.on(
    'data',
    lineSplitter(
      MAX_REPLY_BYTES,
      (line) => receive(line),
      () => stream.destroy(),
    ),
  );
  function receive(line: string): void {
    const message = parseMessage(line);
    if (message === null) return;
    if (message.method === undefined) return rpc.receive(message as JSONRPCResponse);
    if (!isEvent(message.method)) return;
    const parsed = events[message.method].safeParse(message.params);
    if (parsed.success)
      for (const listener of listeners.get(message.method) ?? []) listener(parsed.data as never);
  }
  return {
    call: async (method, input, limitMs = quickMethods.has(method) ? quickLimitMs : undefined) => {
      if (stream.destroyed) return fail('engineLost');
      const answer = ask(rpc, method, input);
      return limitMs === undefined ? answer : within(limitMs, scheduler, answer);
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    closed,
    close: () => stream.destroy(),
  };
}

async function ask(rpc: JSONRPCClient, method: Method, input: unknown): Promise<Result<never>> {
  try {
    return ok((await rpc.request(method, input)) as never);
  } catch (error) {
    return asFailure(error);
  }
}

async function within<T>(
  limitMs: number,
  scheduler: Scheduler,
  answer: Promise<Result<T>>,
): Promise<Result<T>> {
  const answered = new AbortController();
  const late = pause(scheduler, limitMs, answered.signal).then(() => fail('engineLost'));
  const first = await Promise.race([answer, late]);
  answered.abort();
  return first;
}

function parseMessage(line: string): { method?: string; params?: unknown } | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function asFailure(error: unknown): Result<never> {
  if (!(error instanceof JSONRPCErrorException)) return fail('engineLost');
  const data = error.data as { code?: unknown; params?: Record<string, string | number> } | undefined;
  if (!isErrorCode(data?.code)) return fail('internal', { detail: error.message });
  return fail(data.code, data.params ?? {});
}
