import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLab, type Lab } from '../../test/rig/net/lab.ts';
import { CORE_ADDRESS, EDGE_ADDRESS } from '../../test/rig/net/namespaces.ts';
import { nowMs } from '../../test/rig/net/wire.ts';
import { pause } from './report.ts';

/** All detectors side by side on one wire, under the same faults. */

export type End = 'core' | 'edge';
const ENDS: readonly End[] = ['core', 'edge'];

interface Said {
  readonly who: string;
  readonly end: End;
  readonly event: 'up' | 'down';
  readonly atMs: number;
}

interface Detector {
  readonly name: string;
  command(end: End): readonly string[];
}

export interface Bench {
  readonly detectors: readonly string[];
  /** A fault at a random moment; how long each detector took at the ends that can tell, `null`: never. */
  trial(fault: Fault): Promise<Map<string, (number | null)[]>>;
  close(): Promise<void>;
}

export type Fault = 'black hole' | 'kill' | 'one-way';

/** The slowest here is memberlist LAN: 5 to 6 s by its numbers, up to 7.5 s seen. */
const WATCH_MS = 9500;
const UP_MS = 30_000;

/** @param memberlist path of the built program; null leaves it out */
export async function openBench(memberlist: string | null): Promise<Bench> {
  // The bundle stands elsewhere than the files that it looks for beside itself.
  const net = 'test/rig/net';
  for (const file of readdirSync(net).filter((name) => name.endsWith('.py')))
    copyFileSync(join(net, file), fileURLToPath(new URL(file, import.meta.url)));
  const lab = await openLab({ gateway: false });
  const said: Said[] = [];
  const detectors = [ours, plain, ...(memberlist === null ? [] : [lan(memberlist), local(memberlist)])];
  const children = new Map<string, ChildProcess>();
  const start = (detector: Detector, end: End) =>
    children.set(`${detector.name} ${end}`, launched(lab, detector, end, said));
  const startAll = () => {
    for (const detector of detectors) for (const end of ENDS) start(detector, end);
  };
  // Both ends: the heartbeat's key is a fixed one here, and a key is never used from its first number twice.
  const startAgain = async () => {
    const ended = [...children.values()].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const gone = ended.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of ended) child.kill('SIGKILL');
    await Promise.all(gone);
    startAll();
  };
  startAll();
  await lab.wire.setAll({ delayMs: 2, jitterMs: 0.5 });
  return {
    detectors: detectors.map(({ name }) => name),
    async trial(fault) {
      await allUp(detectors, said);
      await pause(300 + 1000 * Math.random());
      const fromMs = await begin(fault, lab, children);
      await pause(WATCH_MS);
      const ends: readonly End[] = fault === 'kill' ? ['core'] : ENDS;
      const took = detectors.map(({ name }): [string, (number | null)[]] => [
        name,
        ends.map((end) => firstDown(said, name, end, fromMs)),
      ]);
      if (fault === 'kill') await startAgain();
      await lab.wire.setAll({ delayMs: 2, jitterMs: 0.5 });
      return new Map(took);
    },
    async close() {
      for (const child of children.values()) child.kill('SIGKILL');
      await lab.close();
    },
  };
}

async function begin(fault: Fault, lab: Lab, children: Map<string, ChildProcess>): Promise<number> {
  if (fault === 'black hole') return lab.wire.setAll({ blackhole: true });
  if (fault === 'one-way') return lab.wire.set({ 'core>edge': { blackhole: true } });
  const atMs = nowMs();
  for (const [name, child] of children) if (name.endsWith(' edge')) child.kill('SIGKILL');
  return atMs;
}

function firstDown(said: readonly Said[], who: string, end: End, fromMs: number): number | null {
  const found = said.find(
    (one) => one.who === who && one.end === end && one.event === 'down' && one.atMs >= fromMs,
  );
  return found === undefined ? null : found.atMs - fromMs;
}

async function allUp(detectors: readonly Detector[], said: readonly Said[]): Promise<void> {
  const isUp = (who: string, end: End) =>
    said.findLast((one) => one.who === who && one.end === end)?.event === 'up';
  for (const until = nowMs() + UP_MS; nowMs() < until; await pause(50))
    if (detectors.every(({ name }) => ENDS.every((end) => isUp(name, end)))) return;
  throw new Error(`not all up within ${UP_MS} ms`);
}

function launched(lab: Lab, { name, command }: Detector, end: End, said: Said[]): ChildProcess {
  const [program = '', ...args] = [...lab[end].prefix, ...command(end)];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', (line) => {
    const { event, atMs } = JSON.parse(line) as Pick<Said, 'event' | 'atMs'>;
    said.push({ who: name, end, event, atMs });
  });
  // What it is, not what it was: a killed one is forgotten.
  child.once('exit', () => said.push({ who: name, end, event: 'down', atMs: 0 }));
  return child;
}

const addresses = (end: End): [string, string] =>
  end === 'core' ? [CORE_ADDRESS, EDGE_ADDRESS] : [EDGE_ADDRESS, CORE_ADDRESS];
const self = (): readonly string[] => [process.execPath, process.argv[1] ?? ''];

const ours: Detector = {
  name: 'ours',
  command: (end) => [...self(), 'host-ours', ...addresses(end), end === 'edge' ? 'incoming' : 'outgoing'],
};
const plain: Detector = {
  name: '1 s beats, 3 s limit',
  command: (end) => [...self(), 'host-plain', ...addresses(end)],
};
const member =
  (profile: string, port: number) =>
  (program: string): Detector => ({
    name: `memberlist ${profile}`,
    command(end) {
      const [own, peer] = addresses(end);
      return [program, end, own, String(port), peer, profile];
    },
  });
const lan = member('lan', 7946);
const local = member('local', 7947);
