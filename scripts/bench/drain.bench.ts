// How soon a node of many pods is empty, beside `kubectl drain` of the same node, pods and budget on the same API server:
// without a budget, and under one that allows all (the API counts every eviction down in it, which has its own price).
// `npm run bench -- drain [ROUNDS [PODS...]]`, by default 3 rounds with 100 pods and one with 1,000.
import { openClusterHands } from '../../src-engine/kube/cluster-hands.ts';
import { emptyCluster, openNodes, type ClusterHands } from '../../src-engine/kube/empty-cluster.ts';
import { systemClock as clock, systemScheduler as scheduler } from '../../src-engine/platform/clock.ts';
import { openPlane, type Plane } from '../../test/kube/rig/plane.ts';
import { budgetOf, deploymentOf, namespaceOf, settled } from '../../test/kube/rig/workloads.ts';
import { ensureKubeRig } from './kube-rig.ts';
import { medianOf, report } from './report.ts';

const NODE = 'edge-1';
const SHOP = 'shop';
const LIMIT_MS = 20 * 60_000;

const [rounds = 3, ...sizes] = process.argv.slice(2).map(Number);
const usual = [
  [100, rounds],
  [1000, 1],
] as const;
await ensureKubeRig();
const edge = await openPlane('edge', { nodes: 1 });
try {
  await edge.apply(namespaceOf(SHOP), deploymentOf(SHOP, 'web', 1));
  const plans = sizes.length > 0 ? sizes.map((pods) => [pods, rounds] as const) : usual;
  for (const [pods, times] of plans) {
    await compare(`${pods} pods`, pods, times);
    await edge.apply(budgetOf(SHOP, 'web', 0));
    await compare(`${pods} pods under a budget`, pods, times);
    await edge.kubectl('delete', 'pdb', 'web', '-n', SHOP);
  }
} finally {
  await edge.dispose();
}
process.exit(0);

/** In turn, so that a slow minute of the machine falls on both. */
async function compare(what: string, pods: number, times: number): Promise<void> {
  const opened = await openClusterHands(edge.kubeconfig, { clock, scheduler });
  if (typeof opened === 'string') throw new Error(opened);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < times; round += 1) {
    await filled(edge, opened, pods);
    ours.push(await drainOurs(opened, pods));
    await filled(edge, opened, pods);
    theirs.push(await drainTheirs(edge));
  }
  const [own, peer] = [medianOf(ours), medianOf(theirs)];
  report('drain', `${what}, until the node is empty`, own / 1000, 's', peer / 1000);
  report('drain', `${what}, ratio to kubectl drain (goal 0.25)`, own / peer, 'x');
}

async function filled(plane: Plane, hands: ClusterHands, pods: number): Promise<void> {
  await plane.kubectl('uncordon', NODE);
  await openNodes(hands);
  await plane.kubectl('scale', 'deployment/web', '-n', SHOP, `--replicas=${pods}`);
  await settled(plane, SHOP, 10 * 60);
}

async function drainOurs(hands: ClusterHands, pods: number): Promise<number> {
  const emptied = await emptyCluster(hands, { clock, scheduler, evictMs: LIMIT_MS, deleteMs: null });
  if (emptied.left.length > 0 || emptied.evicted.length !== pods)
    throw new Error(`${emptied.evicted.length} evicted, ${emptied.left.length} left`);
  return emptied.elapsedMs;
}

async function drainTheirs(plane: Plane): Promise<number> {
  const startedMs = performance.now();
  await plane.kubectl('drain', NODE, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=20m');
  return performance.now() - startedMs;
}
