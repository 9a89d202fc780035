import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { askOverSocket } from '../../platform/socket-http.ts';

export interface CallOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}
export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON, else its text. */
  readonly body: unknown;
}
/** One request to the daemon; `dockerDown` when it does not answer whole in time. */
export type Call = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  options?: CallOptions,
) => Promise<Result<Answer>>;

const LIMIT_MS = 5000;

export function dockerCall(socketPath: () => string | null): Call {
  return async (method, path, options = {}) => {
    const socket = socketPath();
    if (socket === null) return fail('dockerDown');
    const { limitMs = LIMIT_MS, ...rest } = options;
    const answer = await askOverSocket({ socketPath: socket, method, path, limitMs, ...rest });
    if (answer !== null) return ok({ status: answer.status, body: parseJson(answer.text) });
    return fail((await isDenied(socket)) ? 'dockerDenied' : 'dockerDown');
  };
}

/** On Linux the daemon is often there, for the group `docker` alone. */
async function isDenied(socket: string): Promise<boolean> {
  try {
    await access(socket, constants.R_OK | constants.W_OK);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

/** The answer's body in our own shape; a body of another shape is Docker's message, or its status. */
export function readAs<T>(answer: Answer, schema: z.ZodType<T>): Result<T> {
  const parsed = schema.safeParse(answer.body);
  return parsed.success ? ok(parsed.data) : fail('toolFailed', { tool: 'Docker', detail: messageOf(answer) });
}

/** The daemon's own words. */
export function messageOf({ status, body }: Answer): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
  return message.slice(0, 500) || `HTTP ${status}`;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
