import { pause } from '../../src-engine/platform/clock.ts';
import type { NodeFacts } from '../../src-engine/kube/cordon.ts';
import {
  emptyCluster,
  type ClusterHands,
  type EmptyOptions,
  type Emptied,
} from '../../src-engine/kube/empty-cluster.ts';
import type { PodFacts } from '../../src-engine/kube/evictable.ts';
import type { EvictionAnswer } from '../../src-engine/kube/eviction-answer.ts';
import type { BudgetFacts } from '../../src-engine/kube/eviction-lanes.ts';
import { fakeTime } from './fake-time.ts';

const cordonBy = (manager: string | null) => ({
  spec: { unschedulable: manager !== null },
  managedFields: [{ manager: manager ?? '', fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } }],
});
export const pod = (
  name: string,
  change: { owner?: string | null; node?: string; emptyDir?: boolean } = {},
): PodFacts => ({
  metadata: {
    namespace: 'shop',
    name,
    uid: `uid-${name}`,
    labels: { name },
    ownerReferences: change.owner === null ? [] : [{ kind: change.owner ?? 'ReplicaSet', controller: true }],
  },
  spec: { nodeName: change.node ?? 'one', volumes: change.emptyDir === true ? [{ emptyDir: {} }] : [] },
  status: { phase: 'Running' },
});

interface Says {
  silent: boolean;
  /** For so long it takes to answer an eviction or a deletion. */
  slowMs: number;
  budgets: BudgetFacts[];
  evict(name: string): EvictionAnswer | Promise<EvictionAnswer>;
  cordon(node: string): boolean;
  remove(name: string): boolean;
}

/** A cluster that does what it is told; pods go when they were evicted or deleted. */
export function bench(pods: PodFacts[], cordons: Record<string, string | null> = { one: null }) {
  const time = fakeTime();
  const living = new Map(pods.map((one) => [one.metadata?.name ?? '', one]));
  const asked: string[] = [];
  const says: Says = {
    silent: false,
    slowMs: 0,
    budgets: [],
    evict: () => ({ type: 'accepted' }),
    cordon: () => true,
    remove: () => true,
  };
  const nodes = (): NodeFacts[] =>
    Object.entries(cordons).map(([name, manager]) => {
      const { spec, managedFields } = cordonBy(manager);
      return { metadata: { name, managedFields }, spec };
    });
  const mark = async (verb: string, name: string, manager: string | null): Promise<boolean> => {
    asked.push(`${verb} ${name}`);
    if (!says.cordon(name)) return false;
    cordons[name] = manager;
    return true;
  };
  const hands: ClusterHands = {
    trouble: () => (says.silent ? 'silent' : null),
    nodes: async () => (says.silent ? null : nodes()),
    pods: async () => (says.silent ? null : [...living.values()]),
    budgets: async () => (says.silent ? null : says.budgets),
    cordon: ({ metadata }) => mark('cordon', metadata?.name ?? '', 'tandem'),
    uncordon: ({ metadata }) => mark('uncordon', metadata?.name ?? '', null),
    async evict({ metadata }) {
      const name = metadata?.name ?? '';
      asked.push(`evict ${name}`);
      if (says.slowMs > 0) await pause(time.scheduler, says.slowMs);
      const answer = await says.evict(name);
      if (answer.type === 'accepted') living.delete(name);
      return answer;
    },
    async remove({ metadata }) {
      const name = metadata?.name ?? '';
      asked.push(`delete ${name}`);
      if (says.slowMs > 0) await pause(time.scheduler, says.slowMs);
      return says.remove(name) && living.delete(name);
    },
  };
  async function run(options: Partial<EmptyOptions> = {}): Promise<Emptied> {
    const { clock, scheduler } = time;
    const ended: Emptied[] = [];
    void emptyCluster(hands, { clock, scheduler, evictMs: 10_000, deleteMs: null, ...options }).then(
      (emptied) => ended.push(emptied),
    );
    for (let turn = 0; ended.length === 0 && turn < 1000; turn += 1) await time.advance(100);
    const [emptied] = ended;
    if (emptied === undefined) throw new Error('it does not end');
    return emptied;
  }
  return { time, hands, says, asked, cordons, living, run };
}

export const refuse = { type: 'refused', budget: 'web' } as const;
