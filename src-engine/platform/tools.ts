import { execa } from 'execa';
import type { Readable } from 'node:stream';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** What a tool said. `failure` is null when it ran to its end, whatever its exit code. */
export interface ToolResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: null | 'missing' | 'timedOut' | 'cancelled' | 'killed';
  /** Of `killed`: the signal's name. */
  readonly signal?: string;
}

export interface ToolOptions {
  /** The child is asked to end after this long, and killed `graceMs` later. */
  readonly timeoutMs: number;
  /** Time to clean up between SIGTERM and SIGKILL; default 10 s. 0: killed at the limit. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Told the child's pid, so that a journal can name it. */
  readonly onSpawn?: (pid: number) => void;
  /** Called with each line of standard error (or output) as it comes. */
  readonly onStderrLine?: (line: string) => void;
  readonly onStdoutLine?: (line: string) => void;
}

/** A child that stays: its output arrives in chunks that may split anywhere. */
export interface ResidentTool {
  readonly pid: number | null;
  readonly ended: Promise<void>;
  stop(): void;
}

/** Runs programs by argument arrays, never through a shell. */
export interface Tools {
  run(tool: string, args: readonly string[], options: ToolOptions): Promise<ToolResult>;
  resident(tool: string, args: readonly string[], onChunk: (chunk: string) => void): ResidentTool;
  /** Absolute path of a tool, or null when it is nowhere. */
  find(name: string): Promise<string | null>;
}

const TAIL_CHARACTERS = 64 * 1024;
/** What a tool gets after the polite signal, where its caller does not say. */
const GRACE_MS = 10_000;
/** A Finder-launched app has none of these in its PATH (research/cluster-tools.md, section 3). */
const EXTRA_FOLDERS = [
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/opt/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/sbin',
  '/sbin',
];
/** Below the home: where Docker Desktop, OrbStack and Rancher Desktop put their tools. */
const OWN_FOLDERS = ['.docker/bin', '.orbstack/bin', '.rd/bin'];
/** Inside the apps themselves, for one that has linked its tools nowhere yet. */
const APP_FOLDERS = [
  '/Applications/Docker.app/Contents/Resources/bin',
  '/Applications/OrbStack.app/Contents/MacOS/bin',
  '/Applications/OrbStack.app/Contents/MacOS/xbin',
];

/** The PATH that tools are looked up in and run with. */
export function toolPath(home: string | undefined = process.env['HOME']): string {
  const own = home === undefined ? [] : OWN_FOLDERS.map((folder) => join(home, folder));
  const given = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return [...new Set([...given, ...EXTRA_FOLDERS, ...own, ...APP_FOLDERS])].join(delimiter);
}

export const systemTools: Tools = { run, resident, find };

async function run(tool: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const child = execa(tool, args, {
    // A group of its own, so that a cancelled tool's children end with it.
    detached: true,
    cleanup: true,
    reject: false,
    stripFinalNewline: false,
    // Every child speaks English and colourless, so that one grammar fits all users.
    env: { PATH: toolPath(), LC_ALL: 'C', NO_COLOR: '1', ...options.env },
    maxBuffer: 16 * 1024 * 1024,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  if (options.onStderrLine) eachLine(child.stderr, options.onStderrLine);
  if (options.onStdoutLine) eachLine(child.stdout, options.onStdoutLine);
  const ended = new AbortController();
  const why = endEarly(child.pid, options, ended.signal);
  const result = await child;
  ended.abort();
  const failure = failureOf(result, why.reason());
  return {
    exitCode: result.exitCode ?? null,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? '').slice(-TAIL_CHARACTERS),
    failure,
    ...(failure === 'killed' && result.signal !== undefined ? { signal: result.signal } : {}),
  };
}

function failureOf(
  result: { code?: string | undefined; isTerminated: boolean },
  early: 'timedOut' | 'cancelled' | null,
): ToolResult['failure'] {
  if (early !== null) return early;
  if (result.code === 'ENOENT' || result.code === 'EACCES') return 'missing';
  return result.isTerminated ? 'killed' : null;
}

/** Ends the child's group on time-out or cancel: SIGTERM, and SIGKILL after the grace. */
function endEarly(pid: number | undefined, options: ToolOptions, ended: AbortSignal) {
  let reason: 'timedOut' | 'cancelled' | null = null;
  let hard: NodeJS.Timeout | undefined;
  const end = (why: 'timedOut' | 'cancelled'): void => {
    if (reason !== null || ended.aborted) return;
    reason = why;
    signalGroup(pid, 'SIGTERM');
    hard = setTimeout(() => signalGroup(pid, 'SIGKILL'), options.graceMs ?? GRACE_MS);
  };
  const limit = setTimeout(() => end('timedOut'), options.timeoutMs);
  const cancel = (): void => end('cancelled');
  options.signal?.addEventListener('abort', cancel);
  if (options.signal?.aborted) cancel();
  ended.addEventListener('abort', () => {
    clearTimeout(limit);
    clearTimeout(hard);
    options.signal?.removeEventListener('abort', cancel);
  });
  return { reason: () => reason };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function eachLine(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

function resident(tool: string, args: readonly string[], onChunk: (chunk: string) => void): ResidentTool {
  const child = execa(tool, args, {
    reject: false,
    buffer: false,
    cleanup: true,
    stdin: 'ignore',
    stderr: 'ignore',
    env: { PATH: toolPath(), LC_ALL: 'C' },
  });
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', onChunk);
  return {
    pid: child.pid ?? null,
    ended: child.then(() => undefined),
    stop: () => void child.kill('SIGTERM'),
  };
}

async function find(name: string): Promise<string | null> {
  const candidates = isAbsolute(name)
    ? [name]
    : toolPath()
        .split(delimiter)
        .map((folder) => join(folder, name));
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here; look in the next folder.
    }
  }
  return null;
}
