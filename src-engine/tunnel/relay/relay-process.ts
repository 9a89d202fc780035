import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { askOverSocket } from '../../platform/socket-http.ts';
import type { RelayAdapter } from '../ports.ts';
import { relayStateSchema, writeRelayFile, type RelayState, type RelayWish } from './relay-config.ts';

/** A detached process that is kept alive and outlives the engine, as far as a relay needs it. */
export interface KeptProcess {
  begin(): Promise<Result<'adopted' | 'started'>>;
  socket(): string;
  pid(): number | null;
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

const ANSWER_MS = 3000;

/**
 * The relay's process: adopted or started when it is first wanted, told what is wanted, asked how it is.
 *
 * @param keep makes its supervision; `prepare` writes the configuration before each start
 */
export function relayProcess(
  configFile: string,
  keep: (hooks: { listen(): string; prepare(): Promise<void> }) => KeptProcess,
): RelayAdapter {
  let wanted: RelayWish | null = null;
  const kept = keep({
    listen: () => (wanted?.listen == null ? '-' : `${wanted.listen.host}:${wanted.listen.port}`),
    async prepare() {
      if (wanted !== null) await writeRelayFile(configFile, wanted);
    },
  });
  let begun: Promise<Result<'adopted' | 'started'>> | null = null;
  async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<RelayState | null> {
    const answer = await askOverSocket({ socketPath: kept.socket(), method, path, body, limitMs: ANSWER_MS });
    if (answer?.status !== 200) return null;
    try {
      return relayStateSchema.parse(JSON.parse(answer.text));
    } catch {
      return null;
    }
  }
  return {
    async use(wish) {
      wanted = wish;
      begun ??= kept.begin();
      const result = await begun;
      if (!result.ok && kept.pid() === null) return result;
      // One that was started has read it; one that was adopted, or runs for long, has not.
      if ((await ask('POST', '/config', wish)) === null)
        return fail('relayDown', { detail: 'it does not answer' });
      return ok(undefined);
    },
    state: async () => (begun === null ? null : ask('GET', '/state')),
    dispose: (how) => kept.dispose(how),
  };
}
