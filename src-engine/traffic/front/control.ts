import type { Server } from 'node:http';
import type { Result } from '../../../src-shared/errors/result.ts';
import { openControlServer, type ControlAnswer } from '../process/control-server.ts';

/** What may be asked: `METHOD /path` and its act. A refusal is answered with status 400. */
export type Acts = Readonly<Record<string, (body: unknown) => Result<unknown> | Promise<Result<unknown>>>>;

/** The front's control. */
export function openControl(socketPath: string, acts: Acts): Promise<Server> {
  const answering = Object.entries(acts).map(
    ([asked, act]) => [asked, async (body: unknown) => answerOf(await act(body))] as const,
  );
  return openControlServer({ socketPath, acts: new Map(answering) });
}

function answerOf(result: Result<unknown>): ControlAnswer {
  return result.ok ? { status: 200, body: result.value } : { status: 400, body: { error: result.error } };
}
