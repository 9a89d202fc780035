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

/** The pair on the real thing, HAProxy in front. */
export interface KindPair {
  readonly core: Rig;
  readonly edge: Rig;
  readonly watch: Watch;
  /** Name of the edge's cluster, and of its control plane. */
  readonly cluster: string;
  readonly node: string;
  /** Of each side's workload on this machine. */
  readonly ports: Readonly<Record<'core' | 'edge', number>>;
  /** What a pod of that side hears who asks that URL; empty when it cannot ask. */
  fromPod(side: 'core' | 'edge', url: string): Promise<string>;
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

export interface KindPlan {
  /** Of the edge's cluster. */
  readonly nodes?: 1 | 3;
  /** The core's cluster: the built-in one, or one kind node. */
  readonly core?: 'embedded' | 'kind';
}

export async function openKindPair({
  nodes = 1,
  core: coreKind = 'embedded',
}: KindPlan = {}): Promise<KindPair> {
  const cluster = `edge-${process.pid}`;
  const coreCluster = coreKind === 'kind' ? `core-${process.pid}` : 'core';
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
    { name: coreCluster, provider: coreKind, hostPort: coreHost },
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
    await edge.json('cluster', 'create', '--image', tools.nodeImage, '--nodes', String(nodes));
    await core.json('cluster', 'create', ...(coreKind === 'kind' ? ['--image', tools.nodeImage] : []));
    const watch = await watchEngine(core.home);
    const front = `http://127.0.0.1:${listen}/`;
    const ports = { core: coreHost, edge: edgeHost };
    const own = coreKind === 'kind' ? [cluster, coreCluster] : [cluster];
    const pair = pairOf({ core, edge, watch, cluster, front, ports, own });
    await Promise.all(own.map((name) => withWorkload(name === cluster ? edge : core, name)));
    await pairByHand(core, edge, `127.0.0.1:${coreLink}`);
    return pair;
  } catch (error) {
    for (const name of [cluster, coreCluster]) await deleteCluster(name);
    await Promise.allSettled([core.close(), edge.close()]);
    throw error;
  }
}

interface Parts extends Pick<KindPair, 'core' | 'edge' | 'watch' | 'cluster' | 'ports'> {
  readonly front: string;
  /** Clusters of kind's. */
  readonly own: readonly string[];
}

async function withWorkload(rig: Rig, cluster: string): Promise<void> {
  await applyTo(rig, cluster, 'hello.yaml');
  const wait = ['rollout', 'status', 'deployment/hello', `--timeout=${WORKLOAD_MS / 1000}s`];
  await kubectlOf(rig, cluster, ...wait);
}

async function kubectlOf(rig: Rig, cluster: string, ...args: string[]): Promise<string> {
  const kubeconfig = join(rig.home, 'clusters/kind', `${cluster}.kubeconfig`);
  return (await run(tools.kubectl, ['--kubeconfig', kubeconfig, ...args])).stdout.trim();
}

/** A manifest of rig/, for a workload that answers with its side's name. */
async function applyTo(rig: Rig, cluster: string, manifest: string): Promise<void> {
  const text = readFileSync(fileURLToPath(new URL(`rig/${manifest}`, import.meta.url)), 'utf8');
  const file = join(rig.home, manifest);
  writeFileSync(file, text.replaceAll('@CLUSTER@', cluster.split('-')[0] ?? ''));
  await kubectlOf(rig, cluster, 'apply', '-f', file);
}

function pairOf({ core, edge, watch, cluster, front, ports, own }: Parts): KindPair {
  const node = `${cluster}-control-plane`;
  const ledger = openLedger();
  let fromMs = 0;
  return {
    core,
    edge,
    watch,
    cluster,
    node,
    ports,
    kubectl: (...args) => kubectlOf(edge, cluster, ...args),
    async fromPod(side, url) {
      const asked = `http://127.0.0.1:${ports[side]}/fetch?url=${encodeURIComponent(url)}`;
      const answer = await fetch(asked, { signal: AbortSignal.timeout(15_000) }).catch(() => null);
      return answer === null ? '' : answer.text();
    },
    load: () => ledger.client({ url: front, prefix: [], streams: 0, perSecond: PER_SECOND }),
    apply: (manifest) => applyTo(edge, cluster, manifest),
    settled: (limitMs) =>
      eventually('SERVING at 80', async () => isSettled(await core.status()), limitMs).then(() => undefined),
    async verdict() {
      const began = (lines: readonly Line[]): ServerRecord[] =>
        lines.filter((line): line is ServerRecord => 'id' in line && line.beganMs >= fromMs);
      const lines = await linesOf(cluster);
      const onEdge = began(lines);
      const ends = lines.flatMap((line) =>
        'endedMs' in line && line.endedMs >= fromMs ? [line.endedMs] : [],
      );
      const client = ledger.clientRecords();
      const [coreCluster] = own.filter((name) => name !== cluster);
      const onCore =
        coreCluster === undefined
          ? // The built-in workload keeps no ledger: what it answered, it began once.
            client
              .filter(({ backend, status }) => backend === 'core' && status !== null)
              .map(({ id, kind, sentMs }) => ({ id, kind, backend: 'core', beganMs: sentMs }))
          : began(await linesOf(coreCluster));
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
      for (const name of own) await deleteCluster(name);
      const ends = await Promise.allSettled([edge.close(), core.close()]);
      const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
      if (failures.length > 0) throw new Error(failures.join('; '));
    },
  };
}

const isSettled = ({ handoff, traffic }: World): boolean =>
  handoff?.state === 'SERVING' && traffic?.weights.edge === 80;

type Line = ServerRecord | { endedMs: number };

/** The pods' records. They are on their nodes' volumes, which a stopped node keeps; one without pods has none. */
async function linesOf(cluster: string): Promise<Line[]> {
  const filter = `label=io.x-k8s.kind.cluster=${cluster}`;
  const nodes = (await docker('ps', '-a', '--filter', filter, '--format', '{{.Names}}')).split('\n');
  return (await Promise.all(nodes.map(linesOfNode))).flat();
}

async function linesOfNode(node: string): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-pods-'));
  try {
    const copied = await docker('cp', `${node}:${LEDGER}/.`, folder).then(
      () => true,
      (error: unknown) => {
        if (String(error).includes('Could not find the file')) return false;
        throw error;
      },
    );
    if (!copied) return [];
    return readdirSync(folder).flatMap((file) => documents(readFileSync(join(folder, file), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
