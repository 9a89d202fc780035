import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handoff } from '../../../src-shared/world/handoff.ts';
import type { World } from '../../../src-shared/world/world.ts';
import type { Verdict } from '../../../src-demo/load/ledger.ts';
import { openLedger, type Client, type ClientOptions, type Ledger, type Workload } from '../ledger/ledger.ts';
import { openPair, type Mac, type Pair } from '../net/pair.ts';
import { sleep } from '../net/tiers.ts';

/** Two Macs in namespaces with a front, a gate, workloads with ledgers and a client: what section 8 asks for. */
export interface Scene {
  readonly pair: Pair;
  readonly core: Mac;
  readonly edge: Mac;
  readonly ledger: Ledger;
  /** The edge's workload; started anew after it was killed. */
  workload(side: 'core' | 'edge'): Workload;
  restartWorkload(side: 'core' | 'edge'): Promise<void>;
  /** The usual load at the front, from the core's own network. */
  load(options?: Partial<ClientOptions>): Client;
  /** Resolves with the first World of that Mac that fits. */
  reach(mac: Mac, what: string, limitMs: number, fits: (world: World) => boolean): Promise<World>;
  /** The core's hand-off comes to one of these states. */
  state(limitMs: number, ...states: Handoff['state'][]): Promise<Handoff>;
  /** SERVING at the settled shares. */
  settled(limitMs?: number): Promise<void>;
  /** The wire healed, every process there, SERVING at the settled shares: whatever the test before has left. */
  restore(): Promise<void>;
  /** A command on HAProxy's own socket, as somebody else would write it. */
  haproxy(command: string): string;
  verdict(): Verdict;
  /** Everything of the edge but its engine: gate and workload. */
  edgePids(): number[];
  close(): Promise<void>;
}

/** What is lost, short enough for the message of a test that fails. */
export function lossesOf({ lost }: Verdict) {
  return lost.map(({ id, kind, lost: why, status, backend }) => ({ id, kind, why, status, backend }));
}

export interface SceneOptions {
  readonly front: 'haproxy' | 'embedded';
  /** TANDEM_TIME_SCALE of both engines. */
  readonly timeScale?: number;
  /** The settings `handoff.*` of both; the product's own where it says nothing. */
  readonly handoff?: Readonly<Record<string, unknown>>;
}

/** `handoff.return` where a return is waited for and not looked at: this machine runs the test beside the pair. */
export const anySpeed = { slowerMs: 5000 };

const UPSTREAM = 47_390;
const LISTEN = '127.0.0.1:47380';
/** First admission at scale 1 takes 30 s. */
const SETTLED_MS = 60_000;
/** A departure that still runs ends first; then 10, 50, 80 % at a tenth of their times, perhaps twice. */
const RESTORE_MS = 200_000;

const isSettled = ({ handoff, traffic }: World): boolean =>
  handoff?.state === 'SERVING' && traffic?.weights.edge === 80;

export async function openScene({ front, timeScale = 10, handoff = {} }: SceneOptions): Promise<Scene> {
  const traffic = { front, listen: LISTEN, upstream: `127.0.0.1:${UPSTREAM}`, healthPath: '/health' };
  const pair = await openPair({
    gateway: true,
    engineEnv: { TANDEM_TIME_SCALE: String(timeScale) },
    settings: { core: { traffic, handoff }, edge: { traffic, handoff } },
  });
  const ledger = openLedger();
  const workloads = new Map<string, Workload>();
  const start = async (side: 'core' | 'edge'): Promise<void> =>
    void workloads.set(side, await ledger.workload(side, UPSTREAM, pair[side].space.prefix));
  const close = async (): Promise<void> => {
    ledger.close();
    await pair.close();
  };
  try {
    await Promise.all([start('core'), start('edge')]);
    await pair.pair();
    return sceneOf(pair, ledger, workloads, start, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function sceneOf(
  pair: Pair,
  ledger: Ledger,
  workloads: ReadonlyMap<string, Workload>,
  start: (side: 'core' | 'edge') => Promise<void>,
  close: () => Promise<void>,
): Scene {
  const { core, edge } = pair;
  const clients: Client[] = [];
  const scene: Scene = {
    pair,
    core,
    edge,
    ledger,
    workload(side) {
      const workload = workloads.get(side);
      if (workload === undefined) throw new Error(`no workload on ${side}`);
      return workload;
    },
    restartWorkload: start,
    load(options = {}) {
      const client = ledger.client({ url: `http://${LISTEN}/`, prefix: core.space.prefix, ...options });
      clients.push(client);
      return client;
    },
    reach: (mac, what, limitMs, fits) => reach(mac, what, limitMs, fits),
    async state(limitMs, ...states) {
      const world = await reach(
        core,
        states.join(' or '),
        limitMs,
        ({ handoff }) => handoff !== null && states.includes(handoff.state),
      );
      if (world.handoff === null) throw new Error('no hand-off on the core');
      return world.handoff;
    },
    async settled(limitMs = SETTLED_MS) {
      await reach(core, 'SERVING at 80', limitMs, isSettled);
    },
    async restore() {
      // A test that failed has left its load running.
      await Promise.all(clients.splice(0).map((client) => client.end()));
      await pair.settle();
      for (const side of ['core', 'edge'] as const) if (!isAlive(scene.workload(side).pid)) await start(side);
      const end = performance.now() + RESTORE_MS;
      while (!isSettled(await statusOf(core))) {
        if (performance.now() > end) return scene.settled(0);
        await edge.rig.tandem('return', '--no-wait', '--json');
        await sleep(2000);
      }
      ledger.clear();
    },
    haproxy: (command) => askHaproxy(join(core.rig.home, 'run', 'front.json'), command),
    verdict: () => ledger.verdict(),
    edgePids: () => [...pidsIn(join(edge.rig.home, 'run', 'gate.json')), scene.workload('edge').pid],
    close,
  };
  return scene;
}

async function statusOf(mac: Mac): Promise<World> {
  const told = await mac.watch.client.call('status.get', {});
  if (!told.ok) throw new Error(told.error.code);
  return told.value;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const LOOK_MS = 50;

/** Asks the engine again and again: one that is killed in between is asked anew. */
async function reach(
  mac: Mac,
  what: string,
  limitMs: number,
  fits: (world: World) => boolean,
): Promise<World> {
  const end = performance.now() + limitMs;
  let last: World | null = null;
  while (performance.now() < end) {
    const told = await mac.watch.client.call('status.get', {});
    if (told.ok && fits(told.value)) return told.value;
    if (told.ok) last = told.value;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const seen = JSON.stringify({
    handoff: last?.handoff ?? null,
    traffic: last?.traffic ?? null,
    peer: last?.peer?.link,
  });
  throw new Error(`the ${mac.space.name} did not come to ${what} in ${limitMs} ms: ${seen}`);
}

function pidsIn(file: string): number[] {
  try {
    return [(JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid];
  } catch {
    return [];
  }
}

/** The socket that the front's record names; HAProxy answers one line of commands and closes. */
function askHaproxy(record: string, command: string): string {
  const { socket } = JSON.parse(readFileSync(record, 'utf8')) as { socket: string };
  const program = `require('net').connect(process.argv[1]).on('data', (d) => process.stdout.write(d)).end(process.argv[2] + '\\n')`;
  return execFileSync(process.execPath, ['-e', program, socket, command], {
    encoding: 'utf8',
    timeout: 5000,
  });
}

/** Plants a fault in a Mac's workload, or takes it away. */
export async function tellWorkload(mac: Mac, fault: Readonly<Record<string, unknown>>): Promise<void> {
  await mac.space.look(
    'curl',
    '-sf',
    '-m',
    '5',
    '-d',
    JSON.stringify(fault),
    `http://127.0.0.1:${UPSTREAM}/-rig`,
  );
}
