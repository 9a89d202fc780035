import type { Cluster, ClusterNode } from '../../src-shared/world/clusters.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';
import type { Tone } from '../parts/tone.ts';
import { readyKey } from '../popover/cluster-view.ts';

type Standing = Pick<Cluster, 'state' | 'operation'>;
type Seen = Pick<ClusterNode, 'ready' | 'since'>;

/** Where nobody expects a node to be ready, one that is not is no trouble. */
function isAtRest({ state, operation }: Standing, { ready }: Seen): boolean {
  return ready !== true && (operation !== null || state === 'stopped' || state === 'paused');
}

export function nodeTone(cluster: Standing, node: Seen): Tone {
  if (isAtRest(cluster, node)) return 'dim';
  return node.ready === null ? 'warn' : node.ready ? 'ok' : 'bad';
}

/** How a node is, and since when, where its API says so. */
export function nodeNote(cluster: Standing, node: Seen): Sentence {
  const { ready, since } = node;
  if (isAtRest(cluster, node)) return sentence(`state.${cluster.state}`);
  if (since === undefined || ready === null) return sentence(readyKey(node));
  return sentence(ready ? 'cluster.nodeSince.yes' : 'cluster.nodeSince.no', { sinceAt: since });
}
