import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Container } from '../docker/docker-shapes.ts';
import type { Adoptable, ClusterRecord } from '../provider.ts';
import type { KindHands } from './kind-hands.ts';
import { CLUSTER_LABEL, containerState, isControlPlane, isNode, kindNodes } from './kind-observe.ts';
import { fetchKubeconfig } from './kind-tool.ts';

const LIMIT_MS = 15_000;

/** Every kind cluster that Docker has; those of this home among them. Empty when Docker does not answer. */
export async function kindClusters({ docker }: Pick<KindHands, 'docker'>): Promise<Adoptable[]> {
  const found = await docker.containers(CLUSTER_LABEL);
  if (!found.ok) return [];
  const names = new Set(found.value.map(({ labels }) => labels[CLUSTER_LABEL] ?? ''));
  return [...names].sort().map((name) => {
    const nodes = found.value.filter(({ labels }) => labels[CLUSTER_LABEL] === name).filter(isNode);
    return { name, provider: 'kind', nodes: nodes.length, state: containerState(nodes) };
  });
}

/** What a record says of a NodePort, when none of its nodes publishes one. */
export interface PortsOfSettings {
  readonly hostPort: number;
  readonly nodePort: number;
}

/**
 * The record of a cluster that was made elsewhere, and a copy of its kubeconfig: of one that runs at once, of a stopped one
 * at its next start. Nothing of the cluster itself is changed, nor the kubeconfig of whoever made it.
 */
export async function adoptKind(
  hands: KindHands,
  name: string,
  createdAt: string,
  ports: PortsOfSettings,
): Promise<Result<ClusterRecord>> {
  const nodes = await kindNodes(hands.docker, name);
  if (!nodes.ok) return nodes;
  const controlPlanes = nodes.value.filter(isControlPlane).length;
  const workers = nodes.value.length - controlPlanes;
  if (nodes.value.length === 0) return fail('nothingToAdopt', { name });
  if (controlPlanes !== 1) return fail('configNodes', { controlPlanes, workers });
  const record = await recordOf(hands, nodes.value, { name, createdAt, ports });
  if (!record.ok || containerState(nodes.value) !== 'running') return record;
  await hands.files.prepare();
  const fetched = await fetchKubeconfig(hands, record.value, AbortSignal.timeout(LIMIT_MS));
  return fetched.ok ? record : fetched;
}

interface Adopted {
  readonly name: string;
  readonly createdAt: string;
  readonly ports: PortsOfSettings;
}

/** Its workload's port is the first NodePort that some node publishes. */
async function recordOf(
  { docker }: KindHands,
  nodes: readonly Container[],
  { name, createdAt, ports }: Adopted,
): Promise<Result<ClusterRecord>> {
  const details = await Promise.all(nodes.map((node) => docker.inspect(node.name)));
  const seen = details.flatMap((detail) => (detail.ok ? [detail.value] : []));
  if (seen.length < nodes.length) return fail('nodeGone', { node: nodes[seen.length]?.name ?? name });
  const published = seen
    .flatMap(({ bindings }) => bindings)
    .map(({ inside, port }) => ({ nodePort: Number(inside.split('/')[0]), hostPort: port }))
    .find(({ nodePort, hostPort }) => nodePort >= 30_000 && nodePort <= 32_767 && hostPort > 0);
  return ok({
    name,
    provider: 'kind',
    createdAt,
    nodes: nodes.length,
    image: seen[0]?.image ?? '',
    hostPort: published?.hostPort ?? ports.hostPort,
    nodePort: published?.nodePort ?? ports.nodePort,
    config: '',
    tunnel: null,
  });
}
