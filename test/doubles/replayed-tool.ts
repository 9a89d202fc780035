import type * as fs from 'node:fs';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemTools, type Tools } from '../../src-engine/platform/tools.ts';

const RECORDINGS = fileURLToPath(new URL('../recordings/kind/', import.meta.url));

/** What an executable says again, and how. */
export interface Replay {
  /** Its arguments contain this word; the first replay that fits is taken. */
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
  /** It ends itself by this signal instead. */
  readonly signal?: NodeJS.Signals;
  /** Its output comes in pieces of so many bytes, which cut characters and lines in two; default: all at once. */
  readonly pieceBytes?: number;
  /** Between two pieces, and before the end. */
  readonly pauseMs?: number;
  /** It stays after its last word, until it is ended. */
  readonly stays?: true;
}

/** One call of it. */
export interface Called {
  readonly args: readonly string[];
  readonly input: string;
  readonly kubeconfig: string | null;
}

export interface ReplayedTool {
  readonly path: string;
  calls(): Called[];
}

/** A recorded run of kind or docker, ready to be said again; its exit code and its signal are in its meta file. */
export function recording(name: string, when: string, change: Partial<Replay> = {}): Replay {
  const read = (kind: string): string => {
    const file = join(RECORDINGS, `${name}.${kind}.txt`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const exit = /^exit: (\S+)/m.exec(read('meta'))?.[1] ?? '0';
  const signal = exit.startsWith('signal/') ? { signal: 'SIGINT' as const } : { exit: Number(exit) };
  return { when, stdout: read('stdout'), stderr: read('stderr'), ...signal, ...change };
}

/** Writes the executable: a real process, with streams, exit codes and signals of its own. */
export function replayedTool(folder: string, name: string, replays: readonly Replay[]): ReplayedTool {
  const path = join(folder, name);
  const calls = join(folder, `${name}.calls`);
  writeFileSync(
    path,
    `#!${process.execPath}\n(${player.toString()})(${JSON.stringify({ calls, replays })});\n`,
  );
  chmodSync(path, 0o755);
  return {
    path,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Called)
        : [],
  };
}

/** The system's way to run tools, which finds these and no others. */
export function toolsThatFind(found: Readonly<Record<string, ReplayedTool>>): Tools {
  return { ...systemTools, find: async (name) => found[name]?.path ?? null };
}

/** Runs inside the executable, which is CommonJS for want of a suffix: it may name nothing of this file. */
function player({ calls, replays }: { calls: string; replays: readonly Replay[] }): void {
  const { appendFileSync, fstatSync, readFileSync: readAll } = require('node:fs') as typeof fs;
  const args = process.argv.slice(2);
  const standard = fstatSync(0);
  const input = standard.isFIFO() || standard.isSocket() ? readAll(0, 'utf8') : '';
  const call = { args, input, kubeconfig: process.env['KUBECONFIG'] ?? null };
  appendFileSync(calls, `${JSON.stringify(call)}\n`);
  const replay = replays.find(({ when }) => args.includes(when));
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  void (async () => {
    if (replay === undefined) process.exit(64);
    const { pieceBytes = Infinity, pauseMs = 0 } = replay;
    for (const stream of ['stdout', 'stderr'] as const) {
      const bytes = Buffer.from(replay[stream] ?? '');
      for (let at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) {
        process[stream].write(bytes.subarray(at, at + pieceBytes));
        if (pauseMs > 0) await wait(pauseMs);
      }
    }
    if (replay.stays === true) return void setInterval(() => undefined, 1000);
    if (replay.signal !== undefined) return void process.kill(process.pid, replay.signal);
    process.exitCode = replay.exit ?? 0;
  })();
}
