import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';

export interface NodeFacts {
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const GATEWAY_LABEL = 'submariner.io/gateway';
/**
 * `METHOD:VALUE`. Without it a gateway asks services of the internet for its address, which is the router's, and the same
 * for both Macs. Any other key under this prefix keeps the gateway from starting: none is invented here.
 */
export const PUBLIC_IP = 'gateway.submariner.io/public-ip';

/** What is written to one node, and what is taken away again after it. Null: removed. */
export interface NodeMarks {
  readonly node: string;
  readonly labels: Readonly<Record<string, string | null>>;
  readonly annotations: Readonly<Record<string, string | null>>;
}

export const gatewayNodes = (nodes: readonly NodeFacts[]): string[] =>
  nodes.filter(({ labels }) => labels[GATEWAY_LABEL] === 'true').map(({ name }) => name);

/**
 * Which node carries the tunnel: the one that is labelled, as a cluster made for a tunnel has one; else a worker, else
 * the only node. Exactly one, or `gatewayLabels`: subctl would ask, and nobody would see the question.
 *
 * @param lanAddress IPv4 under which the other gateway calls this Mac
 */
export function gatewayMarks(nodes: readonly NodeFacts[], lanAddress: string): Result<NodeMarks> {
  const labelled = gatewayNodes(nodes);
  if (labelled.length > 1) return fail('gatewayLabels', { nodes: labelled.join(', ') });
  const chosen = labelled[0] ?? (nodes.find(({ isControlPlane }) => !isControlPlane) ?? nodes[0])?.name;
  if (chosen === undefined) return fail('gatewayInactive', { detail: 'the cluster has no node' });
  return ok({
    node: chosen,
    labels: { [GATEWAY_LABEL]: 'true' },
    annotations: { [PUBLIC_IP]: `ipv4:${lanAddress}` },
  });
}

/** What is taken away: the annotation that was ours, and the label only where no person had set it. */
export function unmarks(node: string, hadLabel: boolean): NodeMarks {
  return {
    node,
    labels: hadLabel ? { [GATEWAY_LABEL]: 'true' } : { [GATEWAY_LABEL]: null },
    annotations: { [PUBLIC_IP]: null },
  };
}
