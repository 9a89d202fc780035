import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Side } from '../src-shared/world/traffic.ts';
import { connectToEngine, type EngineClient } from '../src-engine/platform/engine-client.ts';
import { writePrivately } from '../src-engine/platform/files.ts';
import { homeAt, type Home } from '../src-engine/platform/home.ts';
import type { Broom } from './broom.ts';
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

const engineProgram = fileURLToPath(new URL('../engine/main.js', import.meta.url));
/** A busy machine starts an engine in this time; one that ended is noticed at once. */
const START_MS = 60_000;

/**
 * Makes the home and starts its engine; fails with a sentence when it does not answer. The broom has what was made,
 * also then.
 */
export async function startMac(plan: MacPlan, broom: Broom): Promise<Mac> {
  const root = await mkdtemp(join(tmpdir(), `tandem-demo-${plan.side}-`));
  broom.mind({ kind: 'home', root });
  const home = homeAt(root);
  const vitals = join(root, 'sensors');
  await mkdir(vitals);
  const sensors = makeSensors(vitals);
  await writePrivately(home.settings, JSON.stringify(plan.settings, null, 2));
  const engine = startEngine(plan, home, vitals);
  await broom.mindProcess(engine.pid, false);
  const client = await answering(home, engine);
  if (client === null) throw new Error(`The engine of the ${plan.side} does not answer.`);
  return { side: plan.side, home, sensors, engine, client };
}

function startEngine(plan: MacPlan, home: Home, vitals: string): ChildProcess {
  const own = [process.execPath, engineProgram, `--role=${plan.side}`, `--parent=${process.pid}`];
  const [command = process.execPath, ...words] = [...plan.prefix, ...own];
  return spawn(command, words, {
    stdio: 'ignore',
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

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function answering(home: Home, engine: ChildProcess): Promise<EngineClient | null> {
  const end = performance.now() + START_MS;
  while (performance.now() < end && !hasEnded(engine)) {
    const connected = await connectToEngine(home);
    if (connected.ok) return connected.value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}
