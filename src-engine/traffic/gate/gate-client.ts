import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { openRequestSchema, type OpenRequest } from '../../../src-shared/handoff-messages.ts';
import { problemSchema, type Problem } from '../../../src-shared/world/traffic.ts';
import { askOverSocket } from '../../platform/socket-http.ts';
import { z } from 'zod';
import type { GateControl } from '../room-ports.ts';
import type { GateWish } from './gate-config.ts';
import { gateDocumentSchema, type GateDocument } from './gate-document.ts';

/** A gate writes its readiness to the disk before it answers. */
const ANSWER_MS = 2000;

const cutSchema = z.object({ cut: z.array(openRequestSchema) });
const refusedSchema = z.object({ problem: problemSchema });

export interface GateClient extends Omit<GateControl, 'address' | 'state'> {
  state(): Promise<Result<GateDocument>>;
  /** `gatePortTaken`, `gateDown`: the gate goes on as it was. */
  use(wish: GateWish): Promise<Result<void>>;
}

/**
 * Speaks to a gate's process over its control socket.
 *
 * @param socket where it is now
 * @param whyDown what is known of a gate that does not answer; null: nothing
 */
export function gateClient(socket: () => string, whyDown: () => Problem | null): GateClient {
  const down = (detail: string): Result<never> => {
    const { code, params } = whyDown() ?? { code: 'gateDown' as const, params: { detail } };
    return fail(code, params);
  };
  async function call<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: unknown) {
    const answer = await askOverSocket({ socketPath: socket(), method, path, body, limitMs: ANSWER_MS });
    if (answer === null) return down('it does not answer');
    const document = parse(answer.text);
    if (answer.status === 409) {
      const refused = refusedSchema.safeParse(document);
      if (refused.success) return fail(refused.data.problem.code, refused.data.problem.params);
      // It has just found that it was paused: whoever asks looks first, and says it again.
      return down('paused');
    }
    const read = schema.safeParse(document);
    return answer.status === 200 && read.success ? ok(read.data) : down(`status ${answer.status}`);
  }
  return {
    state: () => call('GET', '/state', gateDocumentSchema),
    async setReady(ready, why) {
      const said = await call('POST', '/ready', gateDocumentSchema, { ready, why });
      return said.ok ? ok(undefined) : said;
    },
    async cut(): Promise<Result<readonly OpenRequest[]>> {
      const said = await call('POST', '/cut', cutSchema);
      return said.ok ? ok(said.value.cut) : said;
    },
    async use(wish) {
      const said = await call('POST', '/config', gateDocumentSchema, wish);
      return said.ok ? ok(undefined) : said;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
