import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../src-demo/free-ports.ts';
import { nowMs } from '../../src-demo/load/now.ts';
import { judge, type ServerRecord, type Verdict } from '../../src-demo/load/ledger.ts';
import type { World } from '../../src-shared/world/world.ts';
import { documents, eventually, openRig, type Rig } from '../engine/tandem.ts';
import { openLedger, type Client } from '../rig/ledger/ledger.ts';
import { pairByHand } from '../rig/net/pair.ts';
import { watchEngine, type Watch } from '../rig/net/watch.ts';
import { deleteCluster, docker, run, tools, toolsEnv } from './tools.ts';

/** The pair on the real thing: the edge's cluster is one kind node, the core's the built-in one, HAProxy in front. */
export interface KindPair {
  readonly core: Rig;
  readonly edge: Rig;
  readonly watch: Watch;
  /** Name of the edge's cluster, and of its one node. */
  readonly cluster: string;
  readonly node: string;
  load(): Client;
  kubectl(...args: string[]): Promise<string>;
  /** Applies a manifest of rig/. */
  apply(manifest: string): Promise<void>;
  /** SERVING at 20 and 80. */
  settled(limitMs: number): Promise<void>;
  verdict(): Promise<PairVerdict>;
  /** What was recorded so far counts no more. */
  clear(): void;
  close(): Promise<void>;
}

export interface PairVerdict extends Verdict {
  /** When the edge's pods began a request for the last time, on the clock of `nowMs`. */
  readonly lastOnEdgeMs: number;
  /** When the first of them was told to end; infinite when none was. */
  readonly firstEndMs: number;
}

/** Of rig/hello.yaml. */
const LEDGER = '/var/lib/hello-ledger';
const WORKLOAD_MS = 60_000;
/** Both sides answer {"id","backend"}; a return's steps take a tenth of their times. */
const TIME_SCALE = '10';

/** A whole Kubernetes comes up beside the link on the same cores, and detection is the rig's to measure. */
const PATIENT = { suspectMs: 5000, suspectOnBatteryMs: 5000, decideMs: 10_000 };
/** A quarter of what the rig sends, for the same reason. */
const PER_SECOND = 50;

export async function openKindPair(): Promise<KindPair> {
  const cluster = `edge-${process.pid}`;
  const [coreLink = 0, edgeLink = 0, listen = 0, gate = 0, coreHost = 0, edgeHost = 0] = await freePorts(6);
  const home = (port: number, own: object, traffic: object): Rig => {
    const rig = openRig({ ...toolsEnv, TANDEM_TIME_SCALE: TIME_SCALE });
    const link = { address: '127.0.0.1', port, discovery: false, ...PATIENT };
    const settings = { cluster: own, link, traffic: { front: 'haproxy', ...traffic } };
    writeFileSync(join(rig.home, 'engine.json'), JSON.stringify(settings), { mode: 0o600 });
    return rig;
  };
  const core = home(
    coreLink,
    { name: 'core', provider: 'embedded', hostPort: coreHost },
    { listen: `127.0.0.1:${listen}` },
  );
  const edge = home(
    edgeLink,
    { name: cluster, provider: 'kind', hostPort: edgeHost },
    { gateListen: `127.0.0.1:${gate}` },
  );
  try {
    await Promise.all([core.startEngine('--role', 'core'), edge.startEngine('--role', 'edge')]);
    // One after the other: kind unpacks an image and leaves the disk to nobody else.
    await edge.json('cluster', 'create', '--image', tools.nodeImage);
    await core.json('cluster', 'create');
    const watch = await watchEngine(core.home);
    const pair = pairOf({ core, edge, watch, cluster, front: `http://127.0.0.1:${listen}/` });
    await pair.apply('hello.yaml');
    await pair.kubectl('rollout', 'status', 'deployment/hello', `--timeout=${WORKLOAD_MS / 1000}s`);
    await pairByHand(core, edge, `127.0.0.1:${coreLink}`);
    return pair;
  } catch (error) {
    await deleteCluster(cluster);
    await Promise.allSettled([core.close(), edge.close()]);
    throw error;
  }
}

interface Parts extends Pick<KindPair, 'core' | 'edge' | 'watch' | 'cluster'> {
  readonly front: string;
}

function pairOf({ core, edge, watch, cluster, front }: Parts): KindPair {
  const node = `${cluster}-control-plane`;
  const ledger = openLedger();
  let fromMs = 0;
  const kubeconfig = join(edge.home, 'clusters/kind', `${cluster}.kubeconfig`);
  const kubectl = async (...args: string[]): Promise<string> =>
    (await run(tools.kubectl, ['--kubeconfig', kubeconfig, ...args])).stdout.trim();
  return {
    core,
    edge,
    watch,
    cluster,
    node,
    kubectl,
    load: () => ledger.client({ url: front, prefix: [], streams: 0, perSecond: PER_SECOND }),
    async apply(manifest) {
      const text = readFileSync(fileURLToPath(new URL(`rig/${manifest}`, import.meta.url)), 'utf8');
      const file = join(edge.home, manifest);
      writeFileSync(file, text.replaceAll('@CLUSTER@', 'edge'));
      await kubectl('apply', '-f', file);
    },
    settled: (limitMs) =>
      eventually('SERVING at 80', async () => isSettled(await core.status()), limitMs).then(() => undefined),
    async verdict() {
      const lines = await linesOfNode(node);
      const onEdge = lines.filter((line): line is ServerRecord => 'id' in line && line.beganMs >= fromMs);
      const ends = lines.flatMap((line) =>
        'endedMs' in line && line.endedMs >= fromMs ? [line.endedMs] : [],
      );
      const client = ledger.clientRecords();
      // The built-in workload keeps no ledger: what it answered, it began once.
      const onCore = client
        .filter(({ backend, status }) => backend === 'core' && status !== null)
        .map(({ id, kind, sentMs }) => ({ id, kind, backend: 'core', beganMs: sentMs }));
      return {
        ...judge(client, [...onEdge, ...onCore]),
        lastOnEdgeMs: Math.max(...onEdge.map(({ beganMs }) => beganMs)),
        firstEndMs: Math.min(...ends),
      };
    },
    clear() {
      ledger.clear();
      // The pods' own records stay: the node may be stopped.
      fromMs = nowMs();
    },
    async close() {
      watch.close();
      ledger.close();
      await deleteCluster(cluster);
      const ends = await Promise.allSettled([edge.close(), core.close()]);
      const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
      if (failures.length > 0) throw new Error(failures.join('; '));
    },
  };
}

const isSettled = ({ handoff, traffic }: World): boolean =>
  handoff?.state === 'SERVING' && traffic?.weights.edge === 80;

/** The pods' records. They are on the node's volume, which a stopped node keeps. */
async function linesOfNode(node: string): Promise<(ServerRecord | { endedMs: number })[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-pods-'));
  try {
    await docker('cp', `${node}:${LEDGER}/.`, folder);
    return readdirSync(folder).flatMap((file) => documents(readFileSync(join(folder, file), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
