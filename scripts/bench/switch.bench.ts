// How soon a written weight is live: from the write of weight 0 to the last request that the edge's own workload
// records, and how long the proof of it takes (`verifyLive`), of both fronts under 200 requests a second over the
// pair's TLS. HAProxy is the embedded front's peer. `npm run bench -- switch [ROUNDS]`, 50 by default, of each.
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { systemTools } from '../../src-engine/platform/tools.ts';
import { pinOfCertificate } from '../../src-engine/link/identity/pin.ts';
import { findHaproxy } from '../../src-engine/traffic/haproxy/find-haproxy.ts';
import type { TrafficPorts, TrafficRoom } from '../../src-engine/traffic/room-ports.ts';
import { openTraffic } from '../../src-engine/traffic/traffic-room.ts';
import { freePorts } from '../../src-demo/free-ports.ts';
import { ok } from '../../src-shared/errors/result.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import type { Shares } from '../../src-shared/world/traffic.ts';
import { machineMs, runBackend } from './front-backend.ts';
import { openLoop } from './front-load.ts';
import { good, HEALTH_PATH, openScene, until, type Kind, type Scene } from './front-scene.ts';
import { leftOut, pause, report } from './report.ts';

const PER_SECOND = 200;
const usual: Shares = { core: 20, edge: 80 };
const allOnCore: Shares = { core: 100, edge: 0 };
/** limits.md, Hand-off: VERIFYING. */
const PROOF_LIMIT_MS = 10_000;
/** Rounds of one front before it is the other's turn, so that a slow minute of the machine falls on both. */
const TURN = 10;
/** Behind a proof: what would still reach the edge is seen by then. */
const BEHIND_MS = 300;
/** All that one load may need, should a machine be slow. */
const MOST_SECONDS = 600;

interface Round {
  /** From the beginning of the write. */
  readonly liveMs: number;
  readonly writtenMs: number;
  readonly provenMs: number;
  /** The edge was given something behind the proof. */
  readonly isWrong: boolean;
}
interface Rounds {
  readonly kind: Kind;
  readonly room: TrafficRoom;
  readonly port: number;
  readonly all: Round[];
  lost: number;
}

const [first = '50'] = process.argv.slice(2);
if (first === 'backend') runBackend();
else {
  await measure(Number(first));
  process.exit(0);
}

async function measure(rounds: number): Promise<void> {
  const scene = await openScene();
  const fronts: Rounds[] = [];
  try {
    fronts.push(await opened(scene, 'embedded'));
    const found = await findHaproxy(systemTools);
    if (found.ok) fronts.push(await opened(scene, 'haproxy'));
    else leftOut('switch', 'HAProxy as the peer', found.error.code);
    while (fronts.some(({ all }) => all.length < rounds))
      for (const front of fronts) await turn(scene, front, Math.min(TURN, rounds - front.all.length));
    tellAll(fronts);
  } finally {
    for (const { room } of fronts) await room.dispose('stop');
    await scene.close();
  }
}

/** The core's traffic room, as its engine opens it, with the front that is wanted and the gate that its edge named. */
async function opened(scene: Scene, kind: Kind): Promise<Rounds> {
  const home = scene.newHome();
  const [port = 0] = await freePorts(1);
  const ports: TrafficPorts = {
    clock: systemClock,
    scheduler: systemScheduler,
    log: silentLog,
    runFolder: home.run,
    identityFolder: home.identity,
    role: () => 'core',
    settings: () => ({
      ...defaultSettings.traffic,
      front: kind,
      listen: `127.0.0.1:${port}`,
      upstream: `127.0.0.1:${scene.core.port}`,
      healthPath: HEALTH_PATH,
      hostPort: scene.core.port,
    }),
    pair: async () => ok({ ...scene.keys.core, peerPin: scene.keys.edge.pin }),
    pinOf: pinOfCertificate,
    linkHost: () => null,
    busy: () => false,
    findHaproxy: () => findHaproxy(systemTools),
    livingFront: async () => null,
    makeFront: () => scene.makeFront(kind, home),
    makeGate: () => {
      throw new Error('a core has no gate');
    },
    note: () => undefined,
  };
  const room = await openTraffic(ports);
  const { certificatePem } = scene.keys.edge;
  good(await room.switch.useGate({ address: '127.0.0.1', port: scene.gatePort, certificatePem }));
  await until(async () => (await room.switch.read()).ok);
  return { kind, room, port, all: [], lost: 0 };
}

async function turn(scene: Scene, front: Rounds, count: number): Promise<void> {
  if (count <= 0) return;
  const load = openLoop(front.port, PER_SECOND, MOST_SECONDS);
  for (let done = 0; done < count; done += 1) front.all.push(await round(scene, front.room));
  front.lost += (await load.end()).lost;
}

async function round({ edge }: Scene, room: TrafficRoom): Promise<Round> {
  good(await room.switch.set(usual, allOnCore));
  const { count } = await edge.seen();
  await until(async () => (await edge.seen()).count > count + 20);
  const begunMs = machineMs();
  good(await room.switch.set(allOnCore, usual));
  const writtenMs = machineMs();
  const proof = await room.switch.verifyLive(usual, PROOF_LIMIT_MS);
  const provenMs = machineMs();
  good(proof);
  await pause(BEHIND_MS);
  const { lastMs } = await edge.seen();
  return {
    liveMs: Math.max(0, lastMs - begunMs),
    writtenMs: writtenMs - begunMs,
    provenMs: provenMs - writtenMs,
    isWrong: lastMs > provenMs,
  };
}

function tellAll([ours, peer]: readonly Rounds[]): void {
  if (ours === undefined) return;
  const line = (what: string, value: (rounds: Rounds) => number, unit = 'ms'): void =>
    report(
      'switch',
      `${ours.kind}: ${what}`,
      value(ours),
      unit,
      peer === undefined ? undefined : value(peer),
    );
  const spans = [
    ['write to last request at the edge', ({ liveMs }: Round) => liveMs],
    ['write to its reply', ({ writtenMs }: Round) => writtenMs],
    ['verifyLive', ({ provenMs }: Round) => provenMs],
  ] as const;
  for (const [what, span] of spans)
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
      ['max', 1],
    ] as const)
      line(`${what}, ${name}`, ({ all }) => quantile(all.map(span), share));
  line('proofs that were wrong (goal 0)', ({ all }) => all.filter(({ isWrong }) => isWrong).length, 'times');
  line('lost requests (goal 0)', ({ lost }) => lost, 'times');
  line('rounds', ({ all }) => all.length, 'times');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
