import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Side } from '../src-shared/world/traffic.ts';
import { connectToEngine, type EngineClient } from '../src-engine/platform/engine-client.ts';
import { writePrivately } from '../src-engine/platform/files.ts';
import { homeAt, type Home } from '../src-engine/platform/home.ts';
import { makeSensors, type Sensors } from './sensors.ts';

/** One Mac of the demo: a home of its own, sensors made of files, a real engine. */
export interface Mac {
  readonly side: Side;
  readonly home: Home;
  readonly sensors: Sensors;
  readonly engine: ChildProcess;
  readonly client: EngineClient;
}

export interface MacPlan {
  readonly side: Side;
  /** Words before its commands. */
  readonly prefix: readonly string[];
  /** engine.json. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly timeScale: number;
}

const programs = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const START_MS = 20_000;

/** Makes the home and starts its engine; fails with a sentence when it does not answer. */
export async function startMac(plan: MacPlan): Promise<Mac> {
  const root = await mkdtemp(join(tmpdir(), `tandem-demo-${plan.side}-`));
  const home = homeAt(root);
  const vitals = join(root, 'sensors');
  await mkdir(vitals);
  const sensors = makeSensors(vitals);
  await writePrivately(home.settings, JSON.stringify(plan.settings, null, 2));
  const engine = run(plan, home, vitals, [programs('engine/main.js'), `--role=${plan.side}`], 'ignore');
  const client = await answering(home, engine);
  if (client === null) throw new Error(`The engine of the ${plan.side} does not answer: see ${home.logs}.`);
  return { side: plan.side, home, sensors, engine, client };
}

/** Runs a program of ours as that Mac would. */
function run(
  plan: MacPlan,
  home: Home,
  vitals: string,
  args: readonly string[],
  stdio: 'ignore' | 'inherit',
): ChildProcess {
  const [command = process.execPath, ...words] = [...plan.prefix, process.execPath, ...args];
  return spawn(command, words, {
    stdio,
    // A Ctrl-C reaches it through us alone, at its turn.
    detached: true,
    env: {
      ...process.env,
      TANDEM_HOME: home.root,
      VITALS_ROOT: vitals,
      TANDEM_TIME_SCALE: String(plan.timeScale),
    },
  });
}

async function answering(home: Home, engine: ChildProcess): Promise<EngineClient | null> {
  const end = performance.now() + START_MS;
  while (performance.now() < end && engine.exitCode === null) {
    const connected = await connectToEngine(home);
    if (connected.ok) return connected.value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

/** Ends the engine and then everything that its home started: clusters, front, gate, files. */
export async function removeMac({ home, engine, client }: Mac): Promise<void> {
  client.close();
  await ended(engine);
  const reset = spawn(process.execPath, [programs('cli/main.js'), 'reset', '--yes'], {
    stdio: 'ignore',
    env: { ...process.env, TANDEM_HOME: home.root },
  });
  await new Promise((resolve) => reset.once('exit', resolve));
  // What is not the engine's stays after a reset: the sensors, and the folder itself.
  await rm(home.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

const GRACE_MS = 10_000;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  // A process that was frozen hears nothing until it goes on.
  child.kill('SIGCONT');
  const hard = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(hard);
}
