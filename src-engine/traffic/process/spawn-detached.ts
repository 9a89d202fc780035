import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Launch, ProcessEnd } from './process-ports.ts';

/** As in platform/log.ts; the programs of ours write their own lines into the same file. */
const ROTATE_BYTES = 4 * 1024 * 1024;
const OUTPUT_BYTES = 4096;

export interface Spawned {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when it has ended, or could not be started; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** The end of what it wrote so far. */
  output(): string;
}

/**
 * Starts a process that outlives this one: a session of its own, nothing inherited but a few words of the
 * environment, its output appended to `logFile` (0600), which it keeps when this engine is gone.
 */
export function spawnDetached({ program, args, env }: Launch, logFile: string): Spawned {
  const { log, startBytes } = openLogFile(logFile);
  const child = spawn(program, [...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...childEnvironment(), ...env },
  });
  closeSync(log);
  child.unref();
  const output = (): string => readFrom(logFile, startBytes);
  return { pid: child.pid, ended: endOf(child, output), output };
}

function endOf(child: ChildProcess, output: () => string): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, output: output() }));
    child.once('error', (error) => resolve({ code: null, signal: null, output: error.message }));
  });
}

function childEnvironment(): Record<string, string> {
  const { PATH, HOME, TMPDIR, TANDEM_LOG, ELECTRON_RUN_AS_NODE } = process.env;
  const known = Object.entries({ PATH, HOME, TMPDIR, TANDEM_LOG, ELECTRON_RUN_AS_NODE });
  return Object.fromEntries(known.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function openLogFile(file: string): { log: number; startBytes: number } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const first = openSync(file, 'a', 0o600);
  const { size } = fstatSync(first);
  if (size <= ROTATE_BYTES) {
    chmodSync(file, 0o600);
    return { log: first, startBytes: size };
  }
  closeSync(first);
  renameSync(file, `${file}.1`);
  return { log: openSync(file, 'a', 0o600), startBytes: 0 };
}

function readFrom(file: string, startBytes: number): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const from = Math.max(startBytes, fstatSync(handle).size - OUTPUT_BYTES);
      const buffer = Buffer.alloc(OUTPUT_BYTES);
      return buffer.subarray(0, readSync(handle, buffer, 0, OUTPUT_BYTES, from)).toString('utf8');
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}
