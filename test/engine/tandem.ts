import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { World } from '../../src-shared/world/world.ts';
import { giveOwnHostPort } from '../doubles/own-port.ts';
import { sightings, type Sightings } from '../doubles/sightings.ts';
import { removeHome } from '../doubles/temporary-folder.ts';
import { makeVitalsRoot, type VitalsRoot } from '../doubles/vitals-root.ts';

/** How a run of the command line ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A verb that is under way. */
export interface Begun {
  readonly documents: Sightings<Record<string, unknown>>;
  readonly done: Promise<Ran>;
  /** Asks it to end (SIGTERM). */
  end(): void;
}

export interface RigOptions {
  /** Words before the engine's command, such as those that put it into another network. */
  readonly prefix?: () => readonly string[];
  /** For the engine alone, beside what everything of this home gets. */
  readonly engineEnv?: Readonly<Record<string, string>>;
}

/** A home with an engine of its own, its sensors made of files: what a person at a terminal has. */
export interface Rig {
  readonly home: string;
  readonly vitals: VitalsRoot;
  readonly env: Record<string, string>;
  /** Runs `tandem ARGS`. */
  tandem(...args: string[]): Promise<Ran>;
  /** Runs `tandem ARGS --json` and reads its one document. */
  json<T>(...args: string[]): Promise<T>;
  /** Starts `tandem ARGS --json` and hears its documents as they come. */
  begin(...args: string[]): Begun;
  /** Starts `tandem engine ARGS` and waits until it answers; its pid. */
  startEngine(...args: string[]): Promise<number>;
  kill(signal: NodeJS.Signals): Promise<void>;
  status(): Promise<World>;
  cluster(name: string): Promise<Cluster | undefined>;
  history(): Promise<HistoryRecord[]>;
  /** Ends the engine and everything that the home started; fails when something is left. */
  close(): Promise<void>;
}

const cli = fileURLToPath(new URL('../../out/cli/main.js', import.meta.url));

export function openRig(extra: Record<string, string> = {}, options: RigOptions = {}): Rig {
  const home = mkdtempSync(join(tmpdir(), 'tandem-rig-'));
  giveOwnHostPort(home);
  const vitals = makeVitalsRoot();
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TANDEM_HOME: home,
    VITALS_ROOT: vitals.path,
    TANDEM_LANG: 'en',
    ...extra,
  };
  let engine: ChildProcess | null = null;
  const tandem = (...args: string[]): Promise<Ran> => run(args, env);
  async function json<T>(...args: string[]): Promise<T> {
    const ran = await tandem(...args, '--json');
    if (ran.code !== 0) throw new Error(`tandem ${args.join(' ')}: exit ${ran.code}: ${ran.stderr}`);
    return JSON.parse(ran.stdout) as T;
  }
  const rig: Rig = {
    home,
    vitals,
    env,
    tandem,
    json,
    begin: (...args) => begin([...args, '--json'], env),
    async startEngine(...args) {
      const [command, ...words] = [...(options.prefix?.() ?? []), process.execPath, cli, 'engine', '--json'];
      engine = spawn(command, [...words, ...args], {
        env: { ...env, ...options.engineEnv },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      await firstLine(engine);
      return engine.pid ?? 0;
    },
    async kill(signal) {
      const child = engine;
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await gone;
    },
    status: () => json<World>('status'),
    cluster: async (name) => (await json<World>('status')).clusters.find((cluster) => cluster.name === name),
    history: async () => documents<HistoryRecord>((await tandem('history', '--json')).stdout),
    async close() {
      await rig.kill('SIGTERM');
      await tandem('reset', '--yes');
      const left = processesNaming(home);
      vitals.remove();
      // With the folder of its sockets, which stays when the reset was refused.
      removeHome(home);
      if (left.length > 0) throw new Error(`left running: ${left.join('; ')}`);
    },
  };
  return rig;
}

export function documents<T>(stdout: string): T[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

const run = (args: readonly string[], env: Record<string, string>): Promise<Ran> => begin(args, env).done;

/** Starts `tandem ARGS`, which are to hold `--json` when its documents matter. */
export function begin(args: readonly string[], env: Record<string, string>): Begun {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = sightings<Record<string, unknown>>(`document of tandem ${args.join(' ')}`);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  if (args.includes('--json'))
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('{')) heard.add(JSON.parse(line) as Record<string, unknown>);
    });
  const done = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { documents: heard, done, end: () => void child.kill('SIGTERM') };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${stderr}`)));
  });
}

/** Command lines of living processes that name `text`: every process of a home names it. */
export function processesNaming(text: string): string[] {
  if (!existsSync('/proc/self')) return [];
  return processIds()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, line: readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }))
    .filter(({ line }) => line.includes(text))
    .map(({ pid, line }) => `${pid} ${line}`);
}

/** The same for what runs with TMPDIR at, or names, `folder`: also an engine, which names its home nowhere else. */
export function processesBelow(folder: string): string[] {
  if (!existsSync('/proc/self')) return [];
  return processIds()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, line: readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }))
    .filter(
      ({ pid, line }) => line !== '' && `${line} ${readQuietly(`/proc/${pid}/environ`)}`.includes(folder),
    )
    .map(({ pid, line }) => `${pid} ${line}`);
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until `look` gives something; fails after `limitMs` with what it last saw. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`never seen within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
