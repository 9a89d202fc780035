// What a front costs: requests a second and added latency of the embedded front, with HAProxy beside it as its peer,
// against a direct connection to the same workload; to the core in plain HTTP and to the edge over the pair's TLS
// through the gate, as in the product. The direct line is the ceiling of load and workload. Latency at a steady
// 2,000 requests a second, and CPU. `npm run bench -- front [SECONDS]`, 5 by default, of each measurement.
import { systemTools } from '../../src-engine/platform/tools.ts';
import { findHaproxy } from '../../src-engine/traffic/haproxy/find-haproxy.ts';
import { runBackend } from './front-backend.ts';
import { closedLoop, openLoop, quantileOf, type Seen } from './front-load.ts';
import { good, openFront, openScene, type Kind, type OpenFront, type Scene } from './front-scene.ts';
import { usageOf } from './processes.ts';
import { leftOut, pause, report } from './report.ts';

const CONNECTIONS = [1, 10, 64];
const STEADY_PER_SECOND = 2000;
/** Compilation and the first connections end before anything is measured. */
const WARM_SECONDS = 3;
const sides = ['core', 'edge'] as const;
const shares = [
  ['p50', 0.5],
  ['p99', 0.99],
  ['max', 1],
] as const;
type Side = (typeof sides)[number];

interface Cost {
  readonly seen: Seen;
  /** CPU of front and gate, microseconds per request. */
  readonly frontUs: number;
  readonly gateUs: number;
  /** Requests that the side was not given, since it did not take their connections in time. */
  readonly elsewhere: number;
}

const [first = '5'] = process.argv.slice(2);
if (first === 'backend') runBackend();
else {
  await measure(Number(first));
  process.exit(0);
}

async function measure(seconds: number): Promise<void> {
  const scene = await openScene();
  const fronts: OpenFront[] = [];
  const opened = async (kind: Kind): Promise<OpenFront> => {
    const one = await openFront(scene, kind);
    fronts.push(one);
    return one;
  };
  try {
    const embedded = await opened('embedded');
    const found = await findHaproxy(systemTools);
    if (!found.ok) leftOut('front', 'HAProxy as the peer', found.error.code);
    const haproxy = found.ok ? await opened('haproxy') : null;
    for (const side of sides)
      for (const one of fronts) await through(scene, one, side, (port) => closedLoop(port, 64, WARM_SECONDS));
    for (const connections of CONNECTIONS) await closed(scene, embedded, haproxy, connections, seconds);
    await steady(scene, embedded, haproxy, Math.max(10, 2 * seconds));
  } finally {
    for (const one of fronts) await one.front.dispose('stop');
    await scene.close();
  }
}

async function closed(
  scene: Scene,
  ours: OpenFront,
  peer: OpenFront | null,
  connections: number,
  seconds: number,
): Promise<void> {
  const load = (port: number): Promise<Seen> => closedLoop(port, connections, seconds);
  const direct = await load(scene.core.port);
  const title = `${connections} connections`;
  tell(`direct (the ceiling), ${title}: requests`, perSecond(direct), '1/s');
  tell(`direct, ${title}: p50`, quantileOf(direct.latenciesUs, 0.5), 'us');
  tell(`direct, ${title}: p99`, quantileOf(direct.latenciesUs, 0.99), 'us');
  for (const side of sides) {
    const own = await through(scene, ours, side, load);
    const other = peer === null ? null : await through(scene, peer, side, load);
    const line = (what: string, unit: string, value: (cost: Cost) => number): void =>
      tell(
        `embedded, ${side}, ${title}: ${what}`,
        value(own),
        unit,
        other === null ? undefined : value(other),
      );
    const added =
      (share: number) =>
      ({ seen }: Cost): number =>
        quantileOf(seen.latenciesUs, share) - quantileOf(direct.latenciesUs, share);
    line('requests', '1/s', ({ seen }) => perSecond(seen));
    line('added p50', 'us', added(0.5));
    line('added p99', 'us', added(0.99));
    line('CPU of the front a request', 'us', ({ frontUs }) => frontUs);
    if (side === 'edge') line('CPU of the gate a request', 'us', ({ gateUs }) => gateUs);
    line('lost (goal 0)', 'times', ({ seen }) => seen.lost);
    line('answered by the other side', 'times', ({ elsewhere }) => elsewhere);
  }
}

async function steady(scene: Scene, ours: OpenFront, peer: OpenFront | null, seconds: number): Promise<void> {
  const load = async (port: number): Promise<Seen> => {
    const loop = openLoop(port, STEADY_PER_SECOND, 2 * seconds);
    await pause(seconds * 1000);
    return loop.end();
  };
  const rate = `at ${STEADY_PER_SECOND}/s`;
  const direct = await load(scene.core.port);
  for (const [name, share] of shares) tell(`direct, ${rate}: ${name}`, at(direct, share), 'us');
  for (const side of sides) {
    const own = await through(scene, ours, side, load);
    const other = peer === null ? null : await through(scene, peer, side, load);
    const line = (what: string, unit: string, value: (cost: Cost) => number): void =>
      tell(
        `embedded, ${side}, ${rate}: ${what}`,
        value(own),
        unit,
        other === null ? undefined : value(other),
      );
    for (const [name, share] of shares) line(name, 'us', ({ seen }) => at(seen, share));
    line('CPU of the front', '% of a core', ({ frontUs, seen }) => (frontUs * perSecond(seen)) / 1e4);
    if (side === 'edge')
      line('CPU of the gate', '% of a core', ({ gateUs, seen }) => (gateUs * perSecond(seen)) / 1e4);
    line('lost (goal 0)', 'times', ({ seen }) => seen.lost);
  }
}

/** A load through a front that gives everything to one side; that side's own record says that it did. */
async function through(
  scene: Scene,
  { front, port }: OpenFront,
  side: Side,
  load: (port: number) => Promise<Seen>,
): Promise<Cost> {
  good(await front.set(side === 'core' ? { core: 100, edge: 0 } : { core: 0, edge: 100 }));
  const before = await scene[side].seen();
  const pids = [front.pid() ?? 0, scene.gate.pid() ?? 0];
  const used = (): number[] => pids.map((pid) => usageOf([pid]).cpuNanoseconds / 1000);
  const [frontThen = 0, gateThen = 0] = used();
  const seen = await load(port);
  const [frontNow = 0, gateNow = 0] = used();
  const given = (await scene[side].seen()).count - before.count;
  return {
    seen,
    frontUs: (frontNow - frontThen) / seen.requests,
    gateUs: (gateNow - gateThen) / seen.requests,
    elsewhere: Math.max(0, seen.requests - given),
  };
}

/** A function, as `plan` in detect.bench.ts: these are asked for before this line is reached. */
function perSecond({ requests, seconds }: Seen): number {
  return requests / seconds;
}

function at({ latenciesUs }: Seen, share: number): number {
  return quantileOf(latenciesUs, share);
}

function tell(metric: string, value: number, unit: string, peer?: number): void {
  report('front', metric, value, unit, peer);
}
