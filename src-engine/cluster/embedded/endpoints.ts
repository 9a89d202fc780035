import type { Home } from '../../platform/home.ts';
import { askNode } from './node-client.ts';
import { allNodeRecords } from './node-files.ts';
import type { Pod } from './pod.ts';

/** What the endpoint slices of a real cluster are to its node port. */
export interface Endpoints {
  /** Ports of the pods that are ready, on every node. */
  ready(): readonly number[];
  dispose(): void;
}

export interface EndpointSource {
  readonly home: Home;
  readonly cluster: string;
  /** The node that asks, and its own pods. */
  readonly node: string;
  readonly pods: readonly Pod[];
}

/** Pods of other nodes are asked for this often: they are processes of their own. */
const LOOK_MS = 500;

/** @param source null: nobody needs to know */
export function followEndpoints(source: EndpointSource | null): Endpoints {
  if (source === null) return { ready: () => [], dispose: () => undefined };
  const { home, cluster, node, pods } = source;
  let others: readonly number[] = [];
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const records = (await allNodeRecords(home)).filter(
        (one) => one.cluster === cluster && one.node !== node,
      );
      const states = await Promise.all(records.map(({ socket }) => askNode(socket, 'GET', '/state')));
      others = states
        .flatMap((state) => state?.pods ?? [])
        .flatMap(({ ready, port }) => (ready ? [port] : []));
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    ready: () => [...pods.filter((pod) => pod.ready()).map(({ port }) => port), ...others],
    dispose: () => clearInterval(timer),
  };
}
