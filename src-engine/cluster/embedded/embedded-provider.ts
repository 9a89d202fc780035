import { fail, ok } from '../../../src-shared/errors/result.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { ClusterProvider, ClusterRecord } from '../provider.ts';
import { endOrphans, lookAt, type EmbeddedPorts } from './embedded-nodes.ts';
import { absent, observationOf, type SeenNode } from './embedded-observation.ts';
import { planOf } from './embedded-plan.ts';
import { clusterFolderExists } from './node-files.ts';
import { nodesOf } from './planned-nodes.ts';

/** What a start is weighed with until the nodes were seen; a node with two pods is about this large on Linux. */
const NODE_BYTES = 64 * MIB;

/** The built-in demo cluster: local node processes whose "pods" serve HTTP. For a machine with neither kind nor minikube. */
export function embeddedProvider(ports: EmbeddedPorts): ClusterProvider {
  return {
    name: 'embedded',
    status: async () => ({ provider: 'embedded', available: true, version: null, why: null }),
    observe: async (record) =>
      (await clusterFolderExists(ports.home, record.name))
        ? observationOf(await look(ports, record))
        : absent,
    plan: async (verb, record) => ok(planOf(ports, verb, record)),
    kubeconfig: async (record) => fail('clusterHasNoKubeconfig', { name: record.name }),
    memoryNeed: async (record) => {
      const seen = await look(ports, record);
      const touchedBytes = seen.reduce((sum, { state }) => sum + (state?.residentBytes ?? 0), 0);
      return { needBytes: Math.max(touchedBytes, NODE_BYTES * record.nodes), touchedBytes };
    },
    endOrphans: (owned) => endOrphans(ports, owned),
  };
}

function look(ports: EmbeddedPorts, record: ClusterRecord): Promise<SeenNode[]> {
  return Promise.all(
    nodesOf(record).map(async ({ name, role }) => ({
      name,
      role,
      ...(await lookAt(ports, { cluster: record.name, name })),
    })),
  );
}
