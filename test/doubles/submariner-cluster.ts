import type { NodeFacts, NodeMarks } from '../../src-engine/tunnel/submariner/gateway-node.ts';
import type { CrdKind, SubmarinerHands } from '../../src-engine/tunnel/submariner/ports.ts';

interface Thing {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}
type More = Pick<Thing['metadata'], 'labels' | 'annotations'> & Readonly<Record<string, unknown>>;
const OPERATOR = 'submariner-operator';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** A cluster of one node as Submariner's hands see it, in memory. */
export interface HandsScene {
  readonly hands: SubmarinerHands;
  node: NodeFacts;
  readonly namespaces: Set<string>;
  put(kind: CrdKind, namespace: string, name: string, more?: More): void;
  names(kind: CrdKind): string[];
  /** Calls that get no answer: a kind that is listed, a namespace that is looked for, `mark`, `ownExports`. */
  readonly silent: Set<string>;
  /** The same, each once. */
  readonly silentOnce: string[];
}

export function openCluster(): HandsScene {
  const things = new Map<string, Thing>();
  const isSilent = (what: string): boolean => {
    const at = scene.silentOnce.indexOf(what);
    if (at >= 0) scene.silentOnce.splice(at, 1);
    return at >= 0 || scene.silent.has(what);
  };
  const of = (kind: CrdKind): Thing[] =>
    [...things].filter(([key]) => key.startsWith(`${kind}/`)).map(([, thing]) => thing);
  const hands: SubmarinerHands = {
    async list(kind, namespace) {
      if (isSilent(kind)) return { kind: 'noAnswer' };
      const items = of(kind).filter(({ metadata }) => namespace === null || metadata.namespace === namespace);
      return { kind: 'items', items };
    },
    remove: async (kind, namespace, name) =>
      things.delete(`${kind}/${namespace}/${name}`) ? 'done' : 'absent',
    async exportService(namespace, name) {
      scene.put('serviceexports', namespace, name, { labels: { [MANAGED_BY]: 'tandem' } });
      return 'done';
    },
    ownExports: async () =>
      isSilent('ownExports')
        ? null
        : of('serviceexports').flatMap(({ metadata: { namespace = '', name, labels } }) =>
            labels?.[MANAGED_BY] === 'tandem' ? [{ namespace, name }] : [],
          ),
    tcpPorts: async () => [],
    nodes: async () => [scene.node],
    async mark(marks) {
      if (isSilent('mark')) return 'noAnswer';
      scene.node = marked(scene.node, marks);
      return 'done';
    },
    networks: async () => ({ pods: ['10.20.0.0/16'], services: ['10.120.0.0/16'] }),
    proxyMode: async () => 'iptables',
    waitingPods: async () => [],
    async removeNamespace(name) {
      for (const [key, { metadata }] of things) if (metadata.namespace === name) things.delete(key);
      return scene.namespaces.delete(name) ? 'done' : 'absent';
    },
    hasNamespace: async (name) => (isSilent(name) ? null : scene.namespaces.has(name)),
  };
  const scene: HandsScene = {
    hands,
    node: { name: 'lab-worker', isControlPlane: false, labels: {}, annotations: {} },
    namespaces: new Set(),
    put(kind, namespace, name, { labels = {}, annotations = {}, ...more } = {}) {
      things.set(`${kind}/${namespace}/${name}`, {
        ...more,
        metadata: { name, namespace, labels, annotations },
      });
    },
    names: (kind) => of(kind).map(({ metadata }) => metadata.name),
    silent: new Set(),
    silentOnce: [],
  };
  return scene;
}

/** A Submariner as somebody joined it by: the namespace of its operator, and its object. */
export function putSubmariner(cluster: HandsScene, clusterID: string): void {
  cluster.namespaces.add(OPERATOR);
  cluster.put('submariners', OPERATOR, 'submariner', { spec: { clusterID, brokerK8sApiServer: 'x:1' } });
}

function marked(node: NodeFacts, { labels, annotations }: NodeMarks): NodeFacts {
  const merged = (before: NodeFacts['labels'], after: NodeMarks['labels']): Record<string, string> =>
    Object.fromEntries(
      Object.entries({ ...before, ...after }).filter((entry): entry is [string, string] => entry[1] !== null),
    );
  return {
    ...node,
    labels: merged(node.labels, labels),
    annotations: merged(node.annotations, annotations),
  };
}
