import { readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Logger } from '../../platform/log.ts';
import { createTurns } from '../../platform/turns.ts';
import { readRelayFile, relayWishSchema, writeRelayFile, type RelayWish } from './relay-config.ts';
import { createRelay, type Relay, type RelayParts } from './relay.ts';

export interface RelayOptions {
  readonly configFile: string;
  readonly socket: string;
}

export interface RelayHost extends RelayParts {
  readonly log: Logger;
  /** `METHOD /path` and its act, over HTTP on a Unix socket for this user alone. */
  openControl(
    socket: string,
    acts: Readonly<Record<string, (body: unknown) => Result<unknown> | Promise<Result<unknown>>>>,
  ): Promise<unknown>;
}

/**
 * The relay as a process of its own: it outlives the engine, as front and gate do (decision 2), and ends when it is
 * told to (POST /stop, SIGTERM). What it carries survives an engine's crash.
 */
export async function runRelay({ configFile, socket }: RelayOptions, host: RelayHost): Promise<void> {
  const { log } = host;
  const relay = createRelay(host);
  const turns = createTurns();
  const stop = (why: string): never => {
    log.info({ why }, 'ends');
    relay.close();
    rmSync(socket, { force: true });
    process.exit(0);
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // The terminal that an engine was started from is not this process's business.
  process.on('SIGHUP', () => undefined);
  // One connection that goes wrong in a way that nobody thought of must not cost all others.
  process.on('uncaughtException', (error) => log.error({ error: error.stack }, 'a bug'));
  process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'a bug'));
  const file = await readRelayFile(configFile);
  if (file === null) log.warn('no configuration: it serves nothing until it is told');
  else await take(relay, file, log);
  await host.openControl(socket, {
    'GET /state': () => ok(relay.state()),
    'POST /config': (body) => turns.inTurn(() => adopt(relay, body, configFile, log)),
    'POST /stop': () => {
      setImmediate(() => stop('asked'));
      return ok(relay.state());
    },
  });
  log.info({ ...relay.state().listen }, 'serves');
}

async function adopt(relay: Relay, body: unknown, configFile: string, log: Logger): Promise<Result<unknown>> {
  const wish = relayWishSchema.safeParse(body);
  if (!wish.success) return fail('badRequest', { detail: wish.error.issues[0]?.path.join('.') ?? '' });
  if (!(await take(relay, wish.data, log))) return fail('relayDown', { detail: wish.data.tls.ownPemFile });
  // A restart comes back as it was.
  await writeRelayFile(configFile, wish.data).catch((error: unknown) =>
    log.error({ error: String(error) }, 'its configuration cannot be written'),
  );
  return ok(relay.state());
}

async function take(relay: Relay, wish: RelayWish, log: Logger): Promise<boolean> {
  const pem = await readFile(wish.tls.ownPemFile, 'utf8').catch(() => null);
  if (pem === null) {
    log.error({ file: wish.tls.ownPemFile }, 'this Mac’s own certificate cannot be read');
    return false;
  }
  await relay.use(wish, pem);
  const { listen, problem, imports } = relay.state();
  log.info({ listen, problem, imports: imports.length, exports: wish.exports.length }, 'configuration');
  return true;
}
