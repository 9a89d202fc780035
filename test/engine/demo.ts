import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { nowMs } from '../../src-demo/load/now.ts';
import { sightings, type Sightings } from '../doubles/sightings.ts';
import { begin, processesBelow, type Begun } from './tandem.ts';

/** A JSON line of `tandem demo`, and when it was heard (machine's monotonic clock). */
export interface Said {
  readonly heardMs: number;
  readonly event: string;
  readonly state?: string;
  readonly reasons?: readonly string[];
  readonly perSecond?: { readonly core: number; readonly edge: number };
  readonly lost?: number;
  readonly total?: number;
  readonly line?: string;
  readonly how?: string;
}

interface DemoMac {
  readonly home: string;
  readonly vitalsRoot: string;
  readonly pids: Readonly<Record<string, number>>;
}

export interface Ready {
  readonly front: string;
  readonly core: DemoMac;
  readonly edge: DemoMac;
}

/** `scripts/tandem demo --headless --json --fast --control`, with a temporary folder of its own. */
export interface RunningDemo {
  readonly pid: number;
  /** Everything that it writes lies below. */
  readonly folder: string;
  readonly said: Sightings<Said>;
  readonly stderr: () => string;
  /** Its first document. */
  ready(): Promise<Ready>;
  /** The next document that fits, from now on. */
  next(fits: (said: Said) => boolean, withinMs: number): Promise<Said>;
  /** A line of `--control`. */
  control(line: string): void;
  /** `tandem ARGS --json` on one of its Macs. */
  verb(side: 'core' | 'edge', ...args: string[]): Promise<Begun>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): void;
  /** Processes that it started and that live, and files that it made and that are there. */
  left(): string[];
  /** Ends it, and removes what it has left: whether there is any is for a test to say. */
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('../../scripts/tandem', import.meta.url));
/** Two engines, two clusters, a pairing and the first admission, on a machine that does other things too. */
const READY_MS = 180_000;

export function startDemo(...more: string[]): RunningDemo {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-dt-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TMPDIR: folder,
    TANDEM_LANG: 'en',
  };
  const args = ['demo', '--headless', '--json', '--fast', '--control', ...more];
  const child = spawn(script, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const said = hear(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const ready = async (): Promise<Ready> => {
    const first = said.see(() => true, READY_MS);
    const early = ended.then((how) => Promise.reject(new Error(`the demo ended with ${how}: ${stderr}`)));
    return (await Promise.race([first, early])) as unknown as Ready;
  };
  const left = (): string[] => [...processesBelow(folder), ...readdirSync(folder)];
  return {
    pid: child.pid ?? 0,
    folder,
    said,
    stderr: () => stderr,
    ready,
    next(fits, withinMs) {
      const known = said.all.length;
      return said.see((one) => said.all.indexOf(one) >= known && fits(one), withinMs);
    },
    control: (line) => void child.stdin.write(`${line}\n`),
    verb: async (side, ...words) =>
      begin([...words, '--json'], { ...env, TANDEM_HOME: (await ready())[side].home }),
    ended,
    kill: (signal) => void child.kill(signal),
    left,
    async close() {
      child.kill('SIGTERM');
      await ended;
      for (const line of processesBelow(folder)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
      // There only where the demo was killed together with what cleans up after it.
      spawnSync('ip', ['netns', 'del', `tandem-demo-${child.pid}`], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

function hear(child: ChildProcess): Sightings<Said> {
  const said = sightings<Said>('document of the demo');
  if (child.stdout !== null)
    createInterface(child.stdout).on('line', (line) =>
      said.add({ ...(JSON.parse(line) as Omit<Said, 'heardMs'>), heardMs: nowMs() }),
    );
  return said;
}
