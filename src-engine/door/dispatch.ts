import {
  createJSONRPCErrorResponse,
  isJSONRPCRequest,
  JSONRPCErrorCode,
  JSONRPCServer,
  type JSONRPCErrorResponse,
  type JSONRPCRequest,
  type JSONRPCResponse,
} from 'json-rpc-2.0';
import { z } from 'zod';
import {
  commands,
  isMethod,
  type Caller,
  type Handlers,
  type Method,
} from '../../src-shared/commands/registry.ts';
import { TandemFailure, type TandemError } from '../../src-shared/errors/result.ts';
import { errorSentences, translator } from '../../src-shared/language/translate.ts';
import { isDiskFull } from '../platform/files.ts';

/** JSON-RPC's own range for errors that a server defines. */
const REFUSED = -32_000;
const english = translator('en');

/** Answers one line of a connection; null when nothing is to be answered (a notification). */
export type Dispatch = (line: string, caller: Caller) => Promise<JSONRPCResponse | null>;

/** One JSON-RPC server for all verbs. Arguments are parsed before any handler runs. */
export function createDispatch(handlers: Handlers<Caller>, onBug: (error: unknown) => void): Dispatch {
  const server = new JSONRPCServer<Caller>({ errorListener: () => undefined });
  for (const method of Object.keys(commands) as Method[])
    server.addMethod(method, (params: unknown, caller) => handle(handlers, method, params, caller));
  server.mapErrorToJSONRPCErrorResponse = (id, error: unknown) => errorResponse(id, error, onBug);
  return async (line, caller) => {
    const request = parseJson(line);
    if (!isRequest(request))
      return refusal(
        null,
        { code: 'badRequest', params: {} },
        request === undefined ? JSONRPCErrorCode.ParseError : JSONRPCErrorCode.InvalidRequest,
      );
    if (!isMethod(request.method))
      return refusal(
        request.id ?? null,
        { code: 'unknownMethod', params: { method: request.method.slice(0, 80) } },
        JSONRPCErrorCode.MethodNotFound,
      );
    return server.receive(request, caller);
  };
}

async function handle(
  handlers: Handlers<Caller>,
  method: Method,
  params: unknown,
  caller: Caller,
): Promise<unknown> {
  const parsed = commands[method].input.safeParse(params ?? {});
  if (!parsed.success)
    throw new TandemFailure('badArguments', { detail: z.prettifyError(parsed.error).replaceAll('\n', ' ') });
  const handler = handlers[method] as (
    input: unknown,
    caller: Caller,
  ) => ReturnType<Handlers<Caller>[Method]>;
  const result = await handler(parsed.data, caller);
  if (!result.ok) throw new TandemFailure(result.error.code, result.error.params);
  return result.value;
}

function errorResponse(
  id: string | number | null,
  error: unknown,
  onBug: (error: unknown) => void,
): JSONRPCErrorResponse {
  if (error instanceof TandemFailure)
    return refusal(
      id,
      error.error,
      error.error.code === 'badArguments' ? JSONRPCErrorCode.InvalidParams : REFUSED,
    );
  onBug(error);
  if (isDiskFull(error)) return refusal(id, { code: 'diskFull', params: { path: pathOf(error) } }, REFUSED);
  const detail = error instanceof Error ? error.message : String(error);
  return refusal(id, { code: 'internal', params: { detail } }, JSONRPCErrorCode.InternalError);
}

/** The error as it goes over the socket; words in English, code and params for those who translate. */
export function refusal(
  id: string | number | null,
  error: TandemError,
  rpcCode: number,
): JSONRPCErrorResponse {
  const { message, hint } = errorSentences(error, english);
  return createJSONRPCErrorResponse(id, rpcCode, message, { code: error.code, params: error.params, hint });
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : 'a file';
}

/** The library's own test throws on anything but an object. */
function isRequest(value: unknown): value is JSONRPCRequest {
  return typeof value === 'object' && value !== null && isJSONRPCRequest(value);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
