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

/** What a person had set on the gateway node, and gets back. */
export interface PersonsMarks {
  readonly hadLabel: boolean;
  /** Null: no such annotation. */
  readonly publicIp: string | null;
}

/**
 * What stands on the node before it is marked.
 *
 * @param ours what a join of ours found on it, which was not taken back: what stands there now is ours. Null: none
 */
export function marksBefore(node: NodeFacts | undefined, ours: PersonsMarks | null): PersonsMarks {
  const hasLabel = node?.labels[GATEWAY_LABEL] === 'true';
  const publicIp = node?.annotations[PUBLIC_IP] ?? null;
  return {
    hadLabel: hasLabel && (ours?.hadLabel ?? true),
    publicIp: ours === null || publicIp === null ? publicIp : ours.publicIp,
  };
}

/**
 * What is taken away: the label only where no person had set it; an annotation of a person's is put back.
 *
 * @param publicIp of a person's, before ours; null: there was none
 */
export function unmarks(node: string, hadLabel: boolean, publicIp: string | null = null): NodeMarks {
  return {
    node,
    labels: hadLabel ? { [GATEWAY_LABEL]: 'true' } : { [GATEWAY_LABEL]: null },
    annotations: { [PUBLIC_IP]: publicIp },
  };
}
