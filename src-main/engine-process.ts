import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../src-engine/platform/home.ts';
import type { EngineCommand } from './engine-command.ts';

/** An engine that this app started. */
export interface EngineProcess {
  readonly pid: number | null;
  /** Resolves when it has ended, or could not be started. */
  readonly ended: Promise<void>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Starts the engine in a process group of its own, so that a Ctrl-C at the app reaches it only through the app.
 * What it says before its own log is open goes to logs/engine-start.log.
 */
export function startEngine({ command, args, env }: EngineCommand, home: Home): EngineProcess {
  mkdirSync(home.logs, { recursive: true, mode: 0o700 });
  const output = openSync(join(home.logs, 'engine-start.log'), 'w', 0o600);
  const child = spawn(command, [...args], { env, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.unref();
  return { pid: child.pid ?? null, ended, kill: (signal) => void child.kill(signal) };
}

/** Stands for one where none may be started. */
export const noEngine: EngineProcess = { pid: null, ended: Promise.resolve(), kill: () => undefined };
