// Entry of the headless program: the app, the command line and launchd start this same file.
import { Duplex } from 'node:stream';
import { parseArgs } from 'node:util';
import { errorSentences, translator } from '../src-shared/language/translate.ts';
import { roleSchema } from '../src-shared/world/role.ts';
import { serveConnection } from './door/connection.ts';
import { openEngine } from './engine.ts';
import { oneShotDispatch } from './one-shot.ts';
import type { Logger } from './platform/log.ts';
import { whenGone } from './platform/processes.ts';
import { systemPlatform } from './platform/platform.ts';

const { values } = parseArgs({
  options: {
    /** Serves the offline verbs over standard input and output, then ends. */
    'one-shot': { type: 'boolean', default: false },
    /** Ends when that process is gone: the app that started it. */
    parent: { type: 'string' },
    role: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** A bug ends the engine, said in the log: the app starts it anew, and the journal picks up what it was doing. */
function logTheEnd(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ error: error.stack ?? error.message }, 'the engine ends by a mistake of its own');
    process.exit(70);
  });
}

async function serve(): Promise<void> {
  const platform = systemPlatform();
  const opened = await openEngine(platform, { role: roleSchema.optional().parse(values.role) });
  if (!opened.ok) {
    const { message, hint } = errorSentences(opened.error, translator('en'));
    const { code } = opened.error;
    process.stderr.write(
      values.json ? `${JSON.stringify({ error: { code, message, hint } })}\n` : `${message} ${hint}\n`,
    );
    process.exit(1);
  }
  logTheEnd(platform.log('engine'));
  const engine = opened.value;
  const ready = { event: 'ready', pid: process.pid, home: platform.home.root, socket: platform.home.socket };
  process.stdout.write(
    values.json ? `${JSON.stringify(ready)}\n` : `engine ${process.pid} runs in ${platform.home.root}\n`,
  );
  const end = async (): Promise<void> => {
    await engine.dispose();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
  if (values.parent !== undefined) whenGone(Number(values.parent), () => void end());
  await engine.stopped;
  await end();
}

async function oneShot(): Promise<void> {
  const pipes = Duplex.from({ readable: process.stdin, writable: process.stdout });
  serveConnection(pipes, await oneShotDispatch(systemPlatform()));
}

process.umask(0o077);
// Whoever reads our output may go before us.
process.stdout.on('error', () => undefined);
void (values['one-shot'] ? oneShot() : serve());
