import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { homeAt } from '../../platform/home.ts';
import { openLog, type Logger } from '../../platform/log.ts';
import { leaveExitReport } from '../process/exit-report.ts';
import { startChecks } from './checks.ts';
import { openControl } from './control.ts';
import { frontDocumentSchema, type FrontDocument } from './documents.ts';
import { actsOf, type Running } from './front-acts.ts';
import { createFront, type Front } from './front.ts';
import { openPlace } from './place.ts';

/** Told to stop it lets what is under way end for so long; the engine kills after 1 s (process/end-process.ts). */
const STOP_MS = 800;
const LOOK_MS = 10;
const LAST_ANSWERS_MS = 30;

/**
 * The embedded front as a program: serves until it is told to stop (POST /stop, SIGTERM), whether an engine runs or
 * not, and then ends this process. Throws when it cannot begin; `run/front-exit.json` then says why.
 */
export async function runFront(options: {
  readonly configFile: string;
  readonly socket: string;
  readonly home: string;
  readonly name: 'front' | 'passage';
}): Promise<void> {
  process.umask(0o077);
  const home = homeAt(options.home);
  const log = openLog(home.logs, options.name);
  const document = frontDocumentSchema.parse(JSON.parse(await readFile(options.configFile, 'utf8')));
  const front = frontOf(document, log);
  const opened = await openPlace(front, document.config);
  if (!opened.ok) {
    const { code, params } = opened.error;
    leaveExitReport(home, options.name, { code, params: { ...params } });
    throw new Error(`${code} ${JSON.stringify(params)}`);
  }
  const running: Running = { front, listener: opened.value };
  const checks = startChecks(front, systemScheduler);
  const { promise: told, tell } = oneWord();
  surviveAll(log, tell);
  // Last of all: who answers there is ready.
  const control = await openControl(options.socket, actsOf(running, tell));
  log.info({ ...document.config.listen, shares: front.shares(), generation: front.generation }, 'serves');
  await told;
  checks.dispose();
  control.close();
  await letEnd(running);
  log.info('ends');
  process.exit(0);
}

function surviveAll(log: Logger, stop: () => void): void {
  process.once('SIGTERM', stop);
  // The terminal that an engine was started from is not this process's business.
  process.on('SIGHUP', () => undefined);
  // One request that goes wrong in a way that nobody thought of must not cost all others.
  process.on('uncaughtException', (error) => log.error({ error: error.stack }, 'a bug'));
}

function oneWord(): { promise: Promise<void>; tell: () => void } {
  let tell: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (tell = resolve));
  return { promise, tell };
}

/** Keys that cannot be read cost the edge, never the front. */
function frontOf(document: FrontDocument, log: Logger): Front {
  try {
    return createFront(document, systemClock);
  } catch (error) {
    log.error({ error: String(error) }, 'the edge is left out');
    return createFront({ ...document, config: { ...document.config, edge: null } }, systemClock);
  }
}

async function letEnd({ front, listener }: Running): Promise<void> {
  const { core, edge } = front.sides;
  listener.close();
  const endMs = systemClock.monotonicMs() + STOP_MS;
  while (core.inFlight.size + edge.inFlight.size > 0 && systemClock.monotonicMs() < endMs)
    await wait(LOOK_MS);
  // The last answers are on their way to their clients.
  await wait(LAST_ANSWERS_MS);
  listener.end();
  core.carrier?.reset();
  edge.carrier?.reset();
}
