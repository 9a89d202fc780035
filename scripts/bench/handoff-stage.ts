import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClientRecord, ServerRecord } from '../../src-demo/load/ledger.ts';
import { nowMs } from '../../src-demo/load/now.ts';
import { must } from '../../src-demo/pair-macs.ts';
import type { Side } from '../../src-shared/world/traffic.ts';
import type { World } from '../../src-shared/world/world.ts';
import { CORE_ADDRESS } from '../../test/rig/net/namespaces.ts';
import { makeMac, type BenchMac } from './handoff-mac.ts';
import { openNet, type Net } from './handoff-net.ts';
import { goProgram, type GoProgram } from './go-program.ts';
import { pause } from './report.ts';

/** Two paired Macs with the product's HAProxy, a gate, a workload on each side with a ledger, and clients. */
export interface Stage {
  readonly net: Net;
  readonly core: BenchMac;
  readonly edge: BenchMac;
  /** `HOST:PORT` of the product's front, in the core's network. */
  readonly front: string;
  /** SERVING at 20/80: waits for it, and asks the edge to return where it is out. */
  settle(): Promise<void>;
  /** A client in the core's network. */
  load(plan: LoadPlan): RunningLoad;
  /** What the workloads began since the last `forget`. */
  executions(): ServerRecord[];
  forget(): void;
  startWorkload(side: Side): Promise<void>;
  workloadPid(side: Side): number;
  close(): Promise<void>;
}

export interface LoadPlan {
  readonly front: string;
  readonly perSecond: number;
  /** POSTs of a hundred requests. */
  readonly posts: 5 | 20;
  /** Until it asks so often, milliseconds. */
  readonly rampMs: number;
  /** A POST, and a slow GET, takes so long at the workload, milliseconds. */
  readonly postMs: number;
  readonly slowMs: number;
}

/** What a client says at its end. */
export interface ClientWord {
  /** CPU from its first request on, in microseconds, and the requests that it was spent on. */
  readonly cpuMicroseconds: number;
  readonly begun: number;
  /** How late requests were begun, after the moment at which they were due. */
  readonly late99Ms: number;
}

export interface RunningLoad {
  /** No new request; resolves when all that was begun has ended. */
  end(): Promise<{ readonly records: readonly ClientRecord[]; readonly word: ClientWord }>;
}

/** The port of the workloads, on all addresses of both Macs: a plain HAProxy asks them without a gate. */
export const WORKLOAD_PORT = 47_390;
const FRONT = '127.0.0.1:47380';
/**
 * A return that takes seconds, by the settings of its windows. Nothing of a departure or of a loss goes by them, and
 * unlike TANDEM_TIME_SCALE they do not have the sensors read more often.
 */
const handoff = {
  return: {
    firstSeconds: 1,
    firstRequests: 20,
    secondSeconds: 1,
    secondRequests: 20,
    admissionFirstSeconds: 1,
    admissionSecondSeconds: 1,
  },
};
const PAIR_MS = 30_000;
/** A departure that still runs ends first; then cool-down and 10, 50, 80 %, perhaps twice. */
const SETTLE_MS = 180_000;
/** Its checks take a second and more: asked again sooner, they would begin anew. */
const ASK_AGAIN_MS = 3000;
const CALM_MS = 1000;

/** Client and workload. */
export const loadProgram = (): GoProgram =>
  goProgram('scripts/bench/load', resolve('node_modules/.cache/bench-load'));

/** @param program as `loadProgram` built it */
export async function openStage(program: string): Promise<Stage> {
  const net = openNet();
  const traffic = {
    front: 'haproxy',
    listen: FRONT,
    upstream: `127.0.0.1:${WORKLOAD_PORT}`,
    healthPath: '/health',
  };
  const core = makeMac('core', net.core, { traffic, handoff });
  const edge = makeMac('edge', net.edge, { traffic, handoff });
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-ledger-'));
  const children = new Set<ChildProcess>();
  const close = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.allSettled([core.close(), edge.close()]);
    net.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  const stage = stageOf(net, core, edge, { program, folder, children }, close);
  try {
    await Promise.all([core, edge].map((mac) => mac.start()));
    await Promise.all((['core', 'edge'] as const).map((side) => stage.startWorkload(side)));
    await pair(core, edge);
    return stage;
  } catch (error) {
    await close();
    throw error;
  }
}

interface Place {
  readonly program: string;
  readonly folder: string;
  readonly children: Set<ChildProcess>;
}

function stageOf(
  net: Net,
  core: BenchMac,
  edge: BenchMac,
  { program, folder, children }: Place,
  close: () => Promise<void>,
): Stage {
  const macs = { core, edge };
  const ledger = join(folder, 'server.jsonl');
  writeFileSync(ledger, '');
  const workloads = new Map<Side, ChildProcess>();
  let loads = 0;
  const start = (side: Side, args: readonly string[]): ChildProcess => {
    const [command = '', ...words] = [...macs[side].space.prefix, ...args];
    const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  return {
    net,
    core,
    edge,
    front: FRONT,
    settle: () => settle(core, edge),
    load({ front, perSecond, posts, rampMs, postMs, slowMs }) {
      const run = `c${(loads += 1)}`;
      const records = join(folder, `${run}.jsonl`);
      const pace = { rps: perSecond, posts, 'ramp-ms': rampMs };
      const flags = { front, ...pace, 'post-ms': postMs, 'slow-ms': slowMs, records, run };
      const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
      return running(start('core', [program, 'client', ...words]), records);
    },
    executions: () => linesOf<ServerRecord>(ledger),
    forget: () => truncateSync(ledger),
    async startWorkload(side) {
      const flags = [`--listen=0.0.0.0:${WORKLOAD_PORT}`, `--backend=${side}`, `--ledger=${ledger}`];
      const child = start(side, [program, 'workload', ...flags]);
      await new Promise<void>((resolve, reject) => {
        child.stdout?.once('data', () => resolve());
        child.once('exit', (code) => reject(new Error(`the workload of the ${side} ended with ${code}`)));
      });
      workloads.set(side, child);
    },
    workloadPid: (side) => workloads.get(side)?.pid ?? 0,
    close,
  };
}

function running(child: ChildProcess, records: string): RunningLoad {
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = new Promise((resolve) => child.once('close', resolve));
  return {
    async end() {
      child.kill('SIGTERM');
      await gone;
      const all = linesOf<ClientRecord>(records);
      rmSync(records, { force: true });
      return { records: all, word: JSON.parse(said) as ClientWord };
    },
  };
}

/** A line that a kill cut in half is none. */
function linesOf<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as T];
      } catch {
        return [];
      }
    });
}

/** A real pairing: the digits of both are compared here, as a person would. */
async function pair(core: BenchMac, edge: BenchMac): Promise<void> {
  await must(core.client(), 'pair.open', {});
  await must(edge.client(), 'pair.dial', { host: CORE_ADDRESS });
  const shown = ({ link }: World): string | null => link.pairing?.digits ?? null;
  const [onCore, onEdge] = await Promise.all(
    [core, edge].map((mac) => mac.reach('six digits', PAIR_MS, (world) => shown(world) !== null).then(shown)),
  );
  const same = onCore === onEdge;
  await Promise.all([core, edge].map((mac) => must(mac.client(), 'pair.answer', { same })));
  if (!same) throw new Error(`the digits differ: ${onCore} and ${onEdge}`);
  await Promise.all(
    [core, edge].map((mac) => mac.reach('the link up', PAIR_MS, ({ peer }) => peer?.link === 'up')),
  );
}

const isOut = ({ handoff }: World): boolean =>
  handoff !== null && ['LOST', 'OFFLINE', 'HOLD'].includes(handoff.state);
const isSettled = ({ handoff, traffic }: World): boolean =>
  handoff?.state === 'SERVING' && traffic?.state === 'up' && traffic.weights.edge === 80;

async function settle(core: BenchMac, edge: BenchMac): Promise<void> {
  let askedMs = 0;
  const isThere = (world: World): boolean => {
    if (isSettled(world)) return true;
    if (isOut(world) && world.peer?.link === 'up' && nowMs() - askedMs > ASK_AGAIN_MS) {
      askedMs = nowMs();
      // As a person would, who wants it back now; refused while it cannot be, and asked again.
      void edge.client().call('handoff.return', {}, ASK_AGAIN_MS);
    }
    return false;
  };
  await core.reach('SERVING at 80', SETTLE_MS, isThere).catch(async (error: unknown) => {
    const { handoff, traffic, peer } = (await edge.world()) ?? {};
    throw new Error(`${String(error)}; the edge: ${JSON.stringify({ handoff, traffic, link: peer?.link })}`);
  });
  await pause(CALM_MS);
}
