import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nowMs } from '../../src-demo/load/now.ts';
import { makeSensors } from '../../src-demo/sensors.ts';
import { connectToEngine, type EngineClient } from '../../src-engine/platform/engine-client.ts';
import { homeAt, shortFolder, type Home } from '../../src-engine/platform/home.ts';
import type { Side } from '../../src-shared/world/traffic.ts';
import type { World } from '../../src-shared/world/world.ts';
import type { Namespace } from '../../test/rig/net/namespaces.ts';
import { pause } from './report.ts';

/** A Mac of the benchmark: a home of its own and a real engine in a namespace, its sensors made of files. */
export interface BenchMac {
  readonly side: Side;
  readonly space: Namespace;
  readonly home: Home;
  /** To the engine that runs now. */
  client(): EngineClient;
  /** Starts the engine, also again after it was killed. */
  start(): Promise<void>;
  /** The engine's process first, then the gate's or the front's. */
  pids(): number[];
  /** Null: it does not answer. */
  world(): Promise<World | null>;
  /** The first World that fits; fails after the limit with what it saw last. */
  reach(what: string, limitMs: number, fits: (world: World) => boolean): Promise<World>;
  close(): Promise<void>;
}

const START_MS = 20_000;
const END_MS = 10_000;
const LOOK_MS = 50;
// From out/programs.
const engineProgram = fileURLToPath(new URL('../engine/main.js', import.meta.url));
const cliProgram = fileURLToPath(new URL('../cli/main.js', import.meta.url));

export function makeMac(side: Side, space: Namespace, settings: Readonly<Record<string, unknown>>): BenchMac {
  const { home, env } = makeHome(side, settings);
  let engine: ChildProcess | null = null;
  let client: EngineClient | null = null;
  const mac: BenchMac = {
    side,
    space,
    home,
    client() {
      if (client === null) throw new Error(`the engine of the ${side} was never started`);
      return client;
    },
    async start() {
      client?.close();
      const [command, ...words] = [...space.prefix, process.execPath, engineProgram, `--role=${side}`];
      engine = spawn(command, words, { stdio: 'ignore', env });
      client = await answering(home, engine, side);
    },
    pids: () => [...(engine?.pid === undefined ? [] : [engine.pid]), ...pidIn(home)],
    async world() {
      const told = await mac.client().call('status.get', {}, END_MS);
      return told.ok ? told.value : null;
    },
    reach: (what, limitMs, fits) => reach(mac, what, limitMs, fits),
    async close() {
      client?.close();
      await ended(engine);
      await finished(spawn(process.execPath, [cliProgram, 'reset', '--yes'], { stdio: 'ignore', env }));
      for (const folder of [home.root, shortFolder(home.root)])
        rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
  return mac;
}

/** A home with its settings, sensors of a healthy machine, and what its programs are started with. */
function makeHome(side: Side, settings: Readonly<Record<string, unknown>>) {
  const root = mkdtempSync(join(tmpdir(), `tandem-bench-${side}-`));
  const home = homeAt(root);
  const sensors = join(root, 'sensors');
  mkdirSync(sensors);
  makeSensors(sensors);
  writeFileSync(home.settings, JSON.stringify(settings), { mode: 0o600 });
  const PATH = process.env['PATH'] ?? '';
  return { home, env: { PATH, HOME: root, TANDEM_HOME: root, VITALS_ROOT: sensors } };
}

async function answering(home: Home, engine: ChildProcess, side: Side): Promise<EngineClient> {
  for (const end = nowMs() + START_MS; nowMs() < end && engine.exitCode === null; await pause(LOOK_MS)) {
    const connected = await connectToEngine(home);
    if (connected.ok) return connected.value;
  }
  throw new Error(`the engine of the ${side} does not answer`);
}

async function reach(
  mac: BenchMac,
  what: string,
  limitMs: number,
  fits: (world: World) => boolean,
): Promise<World> {
  let last: World | null = null;
  for (const end = nowMs() + limitMs; nowMs() < end; await pause(LOOK_MS)) {
    last = (await mac.world()) ?? last;
    if (last !== null && fits(last)) return last;
  }
  const seen = JSON.stringify({
    handoff: last?.handoff,
    traffic: last?.traffic,
    link: last?.peer?.link,
  });
  throw new Error(`the ${mac.side} did not come to ${what} in ${limitMs} ms: ${seen}`);
}

/** Of its gate or front, by the record that the engine keeps. */
function pidIn(home: Home): number[] {
  return ['gate', 'front'].flatMap((name) => {
    try {
      return [
        (
          JSON.parse(readFileSync(join(home.run, `${name}.json`), 'utf8')) as {
            pid: number;
          }
        ).pid,
      ];
    } catch {
      return [];
    }
  });
}

async function ended(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = finished(child);
  child.kill('SIGTERM');
  // One that was stopped hears nothing until it goes on.
  child.kill('SIGCONT');
  const hard = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await gone;
  clearTimeout(hard);
}

const finished = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('exit', resolve));
