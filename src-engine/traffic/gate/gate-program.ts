import { readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { systemClock } from '../../platform/clock.ts';
import { homeAt, type Home } from '../../platform/home.ts';
import { openLog, type Logger } from '../../platform/log.ts';
import { createTurns } from '../../platform/turns.ts';
import { leaveExitReport, listenProblem } from '../process/exit-report.ts';
import { continuousClock } from './continuous-clock.ts';
import { readGateFile, writeGateFile, type GateFile, type GateWish, type Told } from './gate-config.ts';
import { openGateControl } from './gate-control.ts';
import { openGate, type Gate } from './gate.ts';
import { TICK_MS } from './pause-guard.ts';

export interface GateOptions {
  readonly configFile: string;
  readonly socket: string;
  readonly home: string;
}

const codes = { taken: 'gatePortTaken', down: 'gateDown' } as const;

/**
 * The gate as a process of its own: it outlives the engine and ends when it is told to (POST /stop, SIGTERM). What
 * keeps it from beginning is its exit report.
 */
export async function runGate({ configFile, socket, home: root }: GateOptions): Promise<void> {
  const home = homeAt(root);
  const log = openLog(home.logs, 'gate');
  const file = await readGateFile(configFile);
  if (file === null) return giveUp(home, log, { code: 'gateDown', params: { detail: 'no configuration' } });
  const memory = remember(configFile, file, log);
  let gate: Gate;
  try {
    const pem = await readFile(file.tls.ownPemFile, 'utf8');
    const onTrip = (told: Told): void => void memory.told(told);
    const parts = { log, clock: systemClock, now: continuousClock(), onTrip };
    gate = await openGate(parts, file, pem, file.told);
  } catch (error) {
    return giveUp(home, log, problemOf(error, file));
  }
  const stop = (why: string): never => {
    log.info({ why }, 'ends');
    gate.close();
    rmSync(socket, { force: true });
    process.exit(0);
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // The terminal that an engine was started from is not this process's business.
  process.on('SIGHUP', () => undefined);
  // One request that goes wrong in a way that nobody thought of must not cost all others.
  process.on('uncaughtException', (error) => log.error({ error: error.stack }, 'a bug'));
  setInterval(() => gate.tick(), TICK_MS);
  await openGateControl(
    {
      gate,
      async tell(told) {
        gate.tell(told);
        log.info({ told }, 'told');
        await memory.told(told);
      },
      use: (wish) => use(gate, wish, memory, log),
      stop: () => stop('asked'),
    },
    socket,
  );
  log.info({ ...gate.address(), told: file.told, generation: gate.generation }, 'serves');
}

async function use(gate: Gate, wish: GateWish, memory: Memory, log: Logger): Promise<Problem | null> {
  try {
    await gate.use(wish, await readFile(wish.tls.ownPemFile, 'utf8'));
  } catch (error) {
    const problem = problemOf(error, wish);
    log.warn({ ...problem }, 'another configuration was not taken');
    return problem;
  }
  await memory.wish(wish);
  log.info({ ...wish.listen, upstream: wish.upstream }, 'another configuration');
  return null;
}

function problemOf(error: unknown, wish: GateWish): Problem {
  const isAboutListening = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
  if (isAboutListening) return listenProblem(error, wish.listen, codes);
  return { code: 'gateDown', params: { detail: error instanceof Error ? error.message : String(error) } };
}

function giveUp(home: Home, log: Logger, problem: Problem): never {
  log.error({ ...problem }, 'cannot begin');
  leaveExitReport(home, 'gate', problem);
  process.exit(1);
}

interface Memory {
  told(told: Told): Promise<void>;
  wish(wish: GateWish): Promise<void>;
}

/** Every change is written down, so that a restart comes back as it was; one after another, the last one wins. */
function remember(configFile: string, first: GateFile, log: Logger): Memory {
  const turns = createTurns();
  let file = first;
  const write = (): Promise<void> =>
    turns.inTurn(() =>
      writeGateFile(configFile, file).catch((error: unknown) =>
        log.error({ error: String(error) }, 'what the gate was told cannot be written'),
      ),
    );
  return {
    told(told) {
      file = { ...file, told };
      return write();
    },
    wish(wish) {
      file = { ...file, ...wish };
      return write();
    },
  };
}
