import type { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import type { Clock } from '../../platform/clock.ts';
import { askOverSocket } from '../../platform/socket-http.ts';
import {
  deadAnswerSchema,
  frontStateSchema,
  refusalSchema,
  type DeadAnswer,
  type FrontDocument,
  type FrontState,
} from '../front/documents.ts';

/** A running front by its control socket. Errors: `frontDown {detail}` when it does not answer, else its own. */
export interface FrontClient {
  state(): Promise<Result<FrontState>>;
  weights(shares: Shares): Promise<Result<FrontState>>;
  configure(document: FrontDocument): Promise<Result<FrontState>>;
  dead(): Promise<Result<DeadAnswer>>;
  revive(): Promise<Result<FrontState>>;
}

/** It answers within a millisecond; on a machine that is out of breath within a second. */
const ANSWER_MS = 2000;
/** Without an answer for so long it is hung, although its process may live. */
const HUNG_AFTER_MS = 5000;

/**
 * @param socket where it listens now
 * @param onSilence called when it seems to hang: once, and again only after it has answered
 */
export function frontClient(socket: () => string, clock: Clock, onSilence: () => void): FrontClient {
  let silentSinceMs: number | null = null;
  let told = false;
  const heard = (answered: boolean, askedMs: number): void => {
    if (answered) {
      silentSinceMs = null;
      told = false;
      return;
    }
    silentSinceMs ??= askedMs;
    if (told || clock.monotonicMs() - silentSinceMs < HUNG_AFTER_MS) return;
    told = true;
    onSilence();
  };
  async function ask<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<Result<T>> {
    const askedMs = clock.monotonicMs();
    const answer = await askOverSocket({ socketPath: socket(), method, path, body, limitMs: ANSWER_MS });
    heard(answer !== null, askedMs);
    if (answer === null) return fail('frontDown', { detail: 'the front does not answer' });
    return readAnswer(answer.status, answer.text, schema);
  }
  return {
    state: () => ask('GET', '/state', frontStateSchema),
    weights: (shares) => ask('POST', '/weights', frontStateSchema, { shares }),
    configure: (document) => ask('POST', '/config', frontStateSchema, document),
    dead: () => ask('POST', '/dead', deadAnswerSchema),
    revive: () => ask('POST', '/revive', frontStateSchema),
  };
}

function readAnswer<T>(status: number, text: string, schema: z.ZodType<T>): Result<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('frontDown', { detail: 'the front answers something else' });
  }
  if (status === 200) {
    const read = schema.safeParse(json);
    if (read.success) return ok(read.data);
  }
  const refusal = refusalSchema.safeParse(json);
  return refusal.success
    ? fail(refusal.data.error.code, refusal.data.error.params)
    : fail('frontDown', { detail: `the front answers ${status}` });
}
