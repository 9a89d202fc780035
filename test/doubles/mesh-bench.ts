import { onTestFinished } from 'vitest';
import { runPlan } from '../../src-engine/cluster/run-plan.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import type { Logger } from '../../src-engine/platform/log.ts';
import type { ToolResult, Tools } from '../../src-engine/platform/tools.ts';
import type { Cilium } from '../../src-engine/tunnel/cilium/cilium-port.ts';
import { openCilium } from '../../src-engine/tunnel/cilium/cilium.ts';
import type { CiliumHands, CiliumPorts, GlobalService } from '../../src-engine/tunnel/cilium/ports.ts';
import type { Changed } from '../../src-engine/tunnel/ports.ts';
import { ok } from '../../src-shared/errors/result.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What stands in one cluster, and how its API answers. */
export interface MeshCluster {
  /** Names of the clusters that its agents are told to connect to. */
  readonly remotes: Set<string>;
  /** Annotations of a person's Services, by `NAMESPACE/NAME`. */
  readonly services: Map<string, Readonly<Record<string, string>>>;
  /** Services of ours. */
  readonly ours: Map<string, GlobalService>;
  silent: boolean;
  /** To every change; it is made only when that is `done`. */
  answer: Changed;
}
/** One Mac: the manager, over clusters that are what stands in them, with a tool in this process. */
export interface MeshMac {
  readonly cilium: Cilium;
  readonly folder: string;
  /** Of `lab`, which is meant first. */
  readonly remotes: Set<string>;
  cluster(name: string): MeshCluster;
  readonly facts: {
    link: 'up' | 'down';
    wanted: boolean;
    /** That is meant, and those that are not. */
    cluster: string;
    others: string[];
    pin: string;
  };
}
type Side = 'core' | 'edge';
export interface MeshBench {
  readonly core: MeshMac;
  readonly edge: MeshMac;
  readonly calls: string[];
  /** What the tool does in place of what it should: its exit code. */
  readonly fails: Partial<Record<'connect' | 'disconnect', number>>;
  /** Agents that reach the other cluster, of one; on one side alone in `connectedAt`. */
  connected: number;
  readonly connectedAt: Partial<Record<Side, number>>;
  /** How often agents were asked. */
  asked: number;
  /** Before the tool does anything. `half`: it changes its own cluster alone. */
  onRun: (side: Side, verb: string) => 'half' | undefined;
}

const silent = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Logger;
const NAMES = { core: 'tandem-core', edge: 'tandem-edge' } as const;

/** Two Macs whose link carries every word at once. Asking agents that do not meet takes the whole of what they get to meet. */
export async function openMeshBench(): Promise<MeshBench> {
  const macs: { core?: MeshMac; edge?: MeshMac } = {};
  const bench: Omit<MeshBench, Side> & { aheadMs: number } = {
    calls: [],
    fails: {},
    connected: 1,
    connectedAt: {},
    asked: 0,
    onRun: () => undefined,
    aheadMs: 0,
  };
  const open = async (side: Side): Promise<MeshMac> => {
    const cluster = clustersOf();
    const facts: MeshMac['facts'] = { link: 'up', wanted: true, cluster: 'lab', others: [], pin: side };
    const folder = temporaryFolder('cilium');
    const other = () => (facts.link === 'up' ? macs[side === 'core' ? 'edge' : 'core'] : undefined);
    const ports: CiliumPorts = {
      clock: { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + bench.aheadMs },
      scheduler: systemScheduler,
      log: silent,
      tools: toolOf(side),
      folder,
      runPlan: (plan, events, interrupted) =>
        runPlan(
          { ...plan, expected: [] },
          { ...events, part: () => undefined },
          interrupted,
          systemScheduler,
        ),
      cluster: () => kindOf(facts.cluster),
      clusterNamed: (name) => ([facts.cluster, ...facts.others].includes(name) ? kindOf(name) : null),
      pair: async () => ok({ ownPemFile: '-', peerPin: facts.pin }),
      link: () => facts.link,
      isWanted: () => facts.wanted,
      kubeconfig: async (name) => name,
      openHands: async (kubeconfig) => handsOver(side, cluster(kubeconfig)),
      privately: async (_text, { name, server }) => ({
        text: kubeconfigOf(name, server ?? 'https://127.0.0.1:6443'),
        context: name,
        authority: '',
      }),
      apiUrl: async () => 'https://192.168.1.10:6443',
      answers: async () => true,
      send: (payload) => other()?.cilium.heard(JSON.parse(JSON.stringify(payload))) ?? false,
      sendSecret: (name, value) => other()?.cilium.heardSecret(name, value) ?? false,
      usualMs: () => null,
      took: () => undefined,
      changed: () => undefined,
      note: () => undefined,
    };
    const cilium = await openCilium(ports);
    onTestFinished(() => cilium.dispose());
    return { cilium, folder, remotes: cluster('lab').remotes, cluster, facts };
  };
  const toolOf = (side: Side): Tools => ({
    find: async () => '/bin/cilium',
    resident: () => ({ pid: null, ended: Promise.resolve(), stop: () => undefined }),
    async run(_tool, [group = '', verb = '', ...rest]): Promise<ToolResult> {
      if (group === 'version') return said('cilium-cli: v0.16.24\n');
      if (rest.includes('--help'))
        return said(
          ['context', 'destination-context', 'namespace'].map((flag) => `  --${flag} x\n`).join(''),
        );
      const own = macs[side];
      const peer = macs[side === 'core' ? 'edge' : 'core'];
      const done = bench.onRun(side, verb);
      if (verb === 'status') {
        bench.asked += 1;
        const connected = bench.connectedAt[side] ?? bench.connected;
        if (connected === 0) bench.aheadMs += 200_000;
        const clusters = Object.fromEntries(
          [...(own?.remotes ?? [])].map((name) => [name, { configured: 1, connected }]),
        );
        return said(JSON.stringify({ connectivity: { clusters, total: 1 } }));
      }
      bench.calls.push(verb);
      const exitCode = bench.fails[verb === 'connect' ? 'connect' : 'disconnect'] ?? 0;
      const told = [
        [own, NAMES[side === 'core' ? 'edge' : 'core']],
        [peer, NAMES[side]],
      ] as const;
      for (const [mac, name] of done === 'half' ? told.slice(0, 1) : exitCode === 0 ? told : [])
        if (verb === 'connect') mac?.remotes.add(name);
        else mac?.remotes.delete(name);
      return exitCode === 0 ? said('') : { ...said(''), exitCode, stderr: 'Error: release: not found' };
    },
  });
  macs.core = await open('core');
  macs.edge = await open('edge');
  return Object.assign(bench, { core: macs.core, edge: macs.edge });
}

const said = (stdout: string): ToolResult => ({ exitCode: 0, stdout, stderr: '', failure: null });

const kubeconfigOf = (name: string, server: string): string =>
  JSON.stringify({
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: 'of-nobody' } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });

const kindOf = (name: string) => ({ name, provider: 'kind', state: 'running' }) as const;

function clustersOf(): MeshMac['cluster'] {
  const all = new Map<string, MeshCluster>();
  return (name) => {
    const known = all.get(name);
    if (known !== undefined) return known;
    const made: MeshCluster = {
      remotes: new Set(),
      services: new Map(),
      ours: new Map(),
      silent: false,
      answer: 'done',
    };
    all.set(name, made);
    return made;
  };
}

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

function handsOver(side: Side, cluster: MeshCluster): CiliumHands {
  const id = side === 'core' ? 1 : 2;
  const ready = { name: 'a-pod', ready: true, tag: 'v1.16.5' };
  const config = {
    'cluster-name': NAMES[side],
    'cluster-id': `${id}`,
    'cluster-pool-ipv4-cidr': `10.${id}0.0.0/16`,
  };
  return {
    config: async () => (cluster.silent ? null : config),
    pods: async () => [ready],
    podCidrs: async () => [],
    meshService: async () => ({ address: '172.30.1.2:32379' }),
    authority: async () => 'one for both',
    remotes: async () => (cluster.silent ? null : [...cluster.remotes]),
    ...servicesOver(cluster),
  };
}

type Services =
  'service' | 'counterparts' | 'annotate' | 'createCounterpart' | 'patchCounterpart' | 'removeCounterpart';

function servicesOver(cluster: MeshCluster): Pick<CiliumHands, Services> {
  const { services, ours } = cluster;
  const change = (act: () => void): Changed => {
    if (cluster.answer === 'done') act();
    return cluster.answer;
  };
  const whole = { ports: [{ name: null, port: 80 }], address: '10.110.0.7', uid: 'u' };
  return {
    async service(namespace, name) {
      const annotations = services.get(`${namespace}/${name}`);
      if (annotations !== undefined) return { namespace, name, annotations, ...whole, isOurs: false };
      return ours.get(`${namespace}/${name}`) ?? 'absent';
    },
    counterparts: async () => [...ours.values()],
    annotate: async (namespace, name, annotations) =>
      change(() => {
        const now = { ...services.get(`${namespace}/${name}`), ...annotations };
        const kept = Object.entries(now).filter((one): one is [string, string] => one[1] !== null);
        services.set(`${namespace}/${name}`, Object.fromEntries(kept));
      }),
    createCounterpart: async (one) =>
      change(() => void ours.set(keyOf(one), { ...whole, ...one, isOurs: true })),
    patchCounterpart: async (one) =>
      change(() => void ours.set(keyOf(one), { ...whole, ...one, isOurs: true })),
    removeCounterpart: async (one) => change(() => void ours.delete(keyOf(one))),
  };
}
