import { fail, ok } from '../../../src-shared/errors/result.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { ClusterNode } from '../../../src-shared/world/clusters.ts';
import type { ClusterProvider, ClusterRecord, Observation } from '../provider.ts';
import { endOrphans, type EmbeddedPorts } from './embedded-nodes.ts';
import { planOf } from './embedded-plan.ts';
import { askNode } from './node-client.ts';
import type { NodeState } from './node-control.ts';
import { clusterFolderExists, nodeSocket, readNodeRecord } from './node-files.ts';
import { nodesOf } from './planned-nodes.ts';

/** What a start is weighed with until the nodes were seen; a node with two pods is about this large on Linux. */
const NODE_BYTES = 64 * MIB;

/** The built-in demo cluster: local node processes whose "pods" serve HTTP. For a machine with neither kind nor minikube. */
export function embeddedProvider(ports: EmbeddedPorts): ClusterProvider {
  const { home } = ports;
  const stateOf = (node: string): Promise<NodeState | null> =>
    askNode(nodeSocket(home, node), 'GET', '/state');
  return {
    name: 'embedded',
    status: async () => ({ provider: 'embedded', available: true, version: null, why: null }),
    observe: async (record) =>
      (await clusterFolderExists(home, record.name)) ? observation(record, await look(record)) : absent,
    plan: async (verb, record) => ok(planOf(ports, verb, record)),
    kubeconfig: async (record) => fail('clusterHasNoKubeconfig', { name: record.name }),
    memoryNeed: async (record) => {
      const states = await Promise.all(nodesOf(record).map(({ name }) => stateOf(name)));
      const touchedBytes = states.reduce((sum, state) => sum + (state?.residentBytes ?? 0), 0);
      return { needBytes: Math.max(touchedBytes, NODE_BYTES * record.nodes), touchedBytes };
    },
    endOrphans: (owned) => endOrphans(ports, owned),
  };
  async function look(record: ClusterRecord): Promise<Seen[]> {
    return Promise.all(
      nodesOf(record).map(async ({ name, role }) => ({
        name,
        role,
        state: await stateOf(name),
        known: (await readNodeRecord(home, record.name, name)) !== null,
      })),
    );
  }
}

const source = 'node processes of this home';
const absent: Observation = { state: 'absent', why: null, nodes: [], source };

interface Seen {
  readonly name: string;
  readonly role: ClusterNode['role'];
  readonly state: NodeState | null;
  /** It left a record: it was started and has not gone cleanly. */
  readonly known: boolean;
}

function observation(record: ClusterRecord, seen: readonly Seen[]): Observation {
  const up = seen.filter(({ state }) => state !== null);
  const nodes = seen.map(({ name, role, state }): ClusterNode => ({
    name,
    role,
    ready: state !== null,
    pods: state === null ? 0 : state.pods.filter((pod) => pod.ready).length,
  }));
  if (up.length === 0) {
    // A record without a process is a node that died; without a record it was stopped, or never made.
    const died = seen.some(({ known }) => known);
    return { state: 'stopped', why: died ? 'nodeEnded' : null, nodes, source };
  }
  if (up.length < seen.length) return { state: 'partial', why: 'nodeEnded', nodes, source };
  const drained = up.every(({ state }) => state?.phase !== 'ready');
  return { state: 'running', why: drained && record.nodes > 0 ? 'drained' : null, nodes, source };
}
