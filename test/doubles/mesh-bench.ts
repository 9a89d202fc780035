import { onTestFinished } from 'vitest';
import { runPlan } from '../../src-engine/cluster/run-plan.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import type { Logger } from '../../src-engine/platform/log.ts';
import type { ToolResult, Tools } from '../../src-engine/platform/tools.ts';
import type { Cilium } from '../../src-engine/tunnel/cilium/cilium-port.ts';
import { openCilium } from '../../src-engine/tunnel/cilium/cilium.ts';
import type { CiliumHands, CiliumPorts } from '../../src-engine/tunnel/cilium/ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** One Mac: the manager, over a cluster that is what its agents are told, with a tool in this process. */
export interface MeshMac {
  readonly cilium: Cilium;
  /** Names of the clusters that its agents are told to connect to. */
  readonly remotes: Set<string>;
  readonly facts: { link: 'up' | 'down'; wanted: boolean };
}
export interface MeshBench {
  readonly core: MeshMac;
  readonly edge: MeshMac;
  readonly calls: string[];
  /** What the tool does in place of what it should: its exit code. */
  readonly fails: Partial<Record<'connect' | 'disconnect', number>>;
  /** Agents that reach the other cluster, of one. */
  connected: number;
}

const silent = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Logger;
const NAMES = { core: 'tandem-core', edge: 'tandem-edge' } as const;

/** Two Macs whose link carries every word at once. Asking the agents takes the whole of what they get to meet. */
export async function openMeshBench(): Promise<MeshBench> {
  const macs: { core?: MeshMac; edge?: MeshMac } = {};
  const bench = { calls: [] as string[], fails: {} as MeshBench['fails'], connected: 1, aheadMs: 0 };
  const open = async (side: 'core' | 'edge'): Promise<MeshMac> => {
    const remotes = new Set<string>();
    const facts: MeshMac['facts'] = { link: 'up', wanted: true };
    const other = () => (facts.link === 'up' ? macs[side === 'core' ? 'edge' : 'core'] : undefined);
    const ports: CiliumPorts = {
      clock: { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + bench.aheadMs },
      scheduler: systemScheduler,
      log: silent,
      tools: toolOf(side),
      folder: temporaryFolder('cilium'),
      runPlan: (plan, events, interrupted) =>
        runPlan(
          { ...plan, expected: [] },
          { ...events, part: () => undefined },
          interrupted,
          systemScheduler,
        ),
      cluster: () => ({ name: 'lab', provider: 'kind', state: 'running' }),
      link: () => facts.link,
      isWanted: () => facts.wanted,
      kubeconfig: async () => 'of the cluster',
      openHands: async () => handsOver(side, remotes),
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
    return { cilium, remotes, facts };
  };
  const toolOf = (side: 'core' | 'edge'): Tools => ({
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
      if (verb === 'status') {
        bench.aheadMs += 200_000;
        const clusters = Object.fromEntries(
          [...(own?.remotes ?? [])].map((name) => [name, { configured: 1, connected: bench.connected }]),
        );
        return said(JSON.stringify({ connectivity: { clusters, total: 1 } }));
      }
      bench.calls.push(verb);
      const exitCode = bench.fails[verb === 'connect' ? 'connect' : 'disconnect'] ?? 0;
      if (exitCode !== 0) return { ...said(''), exitCode, stderr: 'Error: release: not found' };
      for (const [mac, name] of [
        [own, NAMES[side === 'core' ? 'edge' : 'core']],
        [peer, NAMES[side]],
      ] as const)
        if (verb === 'connect') mac?.remotes.add(name);
        else mac?.remotes.delete(name);
      return said('');
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

function handsOver(side: 'core' | 'edge', remotes: ReadonlySet<string>): CiliumHands {
  const id = side === 'core' ? 1 : 2;
  const ready = { name: 'a-pod', ready: true, tag: 'v1.16.5' };
  return {
    config: async () => ({
      'cluster-name': NAMES[side],
      'cluster-id': `${id}`,
      'cluster-pool-ipv4-cidr': `10.${id}0.0.0/16`,
    }),
    pods: async () => [ready],
    podCidrs: async () => [],
    meshService: async () => ({ address: '172.30.1.2:32379' }),
    authority: async () => 'one for both',
    remotes: async () => [...remotes],
    service: async () => 'absent',
    counterparts: async () => [],
    annotate: async () => 'done',
    createCounterpart: async () => 'done',
    patchCounterpart: async () => 'done',
    removeCounterpart: async () => 'done',
  };
}
